import type { Usage } from "../../lib/usage.ts";
import type { DynamicMetadata } from "../wire/response.ts";
import type { Lane } from "./lane.ts";

/** Dynamic metadata of a request: costs, usage, names; read by rate limits and access logs. */
export const METADATA_NAMESPACE = "io.envoy.ai_gateway";

/** Says of an answer of the gateway's own that it has the client's shape already. */
export const SHAPED_KEY = "shaped";

/** A 2xx answer without usage: the cost keys hold estimates. */
const USAGE_MISSING_KEY = "usage_missing";

/** Metadata keys of raw usage, read by the accounting server. */
export const USAGE_KEYS: Record<keyof Usage, string> = {
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  totalTokens: "gen_ai.usage.total_tokens",
  cachedInputTokens: "gen_ai.usage.cached_input_tokens",
  cacheCreationInputTokens: "gen_ai.usage.cache_creation_input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning_tokens",
};
const USAGE_FIELDS = Object.keys(USAGE_KEYS) as (keyof Usage)[];

type Values = Record<string, number | string | boolean>;

const under = (values: Values): DynamicMetadata => ({ namespace: METADATA_NAMESPACE, values });

/** What a request costs that ends without usage: roughly four bytes make a token. */
export const estimateTokens = (bytes: number): number => Math.ceil(bytes / 4);

export interface RequestFacts {
  /** The model that the client asked for. */
  originalModel: string;
  /** The model that the provider is asked for. */
  model: string;
}

/**
 * Written when the request is sent: names, and estimates for every cost, so that a client that
 * leaves early is charged. Everything that an earlier attempt can have written is written anew:
 * the other keys are only written once an answer has begun, after which there is no other attempt.
 */
export function requestMetadata(
  lane: Lane,
  facts: RequestFacts,
  inputEstimate: number,
): DynamicMetadata {
  const { program } = lane;
  const values: Values = {
    route_name: program.route,
    backend_name: program.backend,
    ai_service_backend_name: program.backend,
    model_name_override: facts.model,
    original_model: facts.originalModel,
  };
  return under(Object.assign(values, costs(lane, facts, estimate(inputEstimate, 0))));
}

/** Written from time to time while an answer streams. */
export const progressMetadata = (
  lane: Lane,
  facts: RequestFacts,
  inputEstimate: number,
  outputEstimate: number,
): DynamicMetadata => under(costs(lane, facts, estimate(inputEstimate, outputEstimate)));

export interface AnswerFacts {
  usage: Usage | undefined;
  responseModel: string | undefined;
  inputEstimate: number;
  outputEstimate: number;
  /** Milliseconds; streams only. */
  firstTokenMs?: number;
  lastTokenMs?: number;
}

/** Written at the end of a 2xx answer: what it really cost. */
export function answerMetadata(
  lane: Lane,
  facts: RequestFacts,
  answer: AnswerFacts,
): DynamicMetadata {
  const { usage } = answer;
  const values: Values = costs(
    lane,
    facts,
    usage ?? estimate(answer.inputEstimate, answer.outputEstimate),
  );
  if (answer.responseModel !== undefined) values.response_model = answer.responseModel;
  if (usage === undefined) {
    values[USAGE_MISSING_KEY] = true;
  } else {
    for (const field of USAGE_FIELDS) {
      const count = usage[field];
      if (count !== undefined) values[USAGE_KEYS[field]] = count;
    }
  }
  if (answer.firstTokenMs !== undefined && answer.lastTokenMs !== undefined) {
    values.token_latency_ttft = answer.firstTokenMs;
    const gaps = (usage?.outputTokens ?? answer.outputEstimate) - 1;
    values.token_latency_itl = gaps > 0 ? (answer.lastTokenMs - answer.firstTokenMs) / gaps : 0;
  }
  return under(values);
}

/** Written when the provider answers with an error: nothing is charged. */
export function failureMetadata(lane: Lane): DynamicMetadata | undefined {
  const { costs: declared } = lane.program;
  if (declared === undefined || declared.length === 0) return undefined;
  return under(Object.fromEntries(declared.map(({ key }) => [key, 0])));
}

/** Written with an answer that the gateway makes itself. */
export const SHAPED: DynamicMetadata = under({ [SHAPED_KEY]: true });

const estimate = (input: number, output: number): Usage => ({
  inputTokens: input,
  outputTokens: output,
  totalTokens: input + output,
});

function costs(lane: Lane, facts: RequestFacts, usage: Usage): Values {
  const { program } = lane;
  if (program.costs === undefined || program.costs.length === 0) return {};
  return lane.computeCosts(program.costs, {
    model: facts.model,
    backend: program.backend,
    routeName: program.route,
    usage,
  });
}
