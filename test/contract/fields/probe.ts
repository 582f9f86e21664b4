import { isDeepStrictEqual } from "node:util";
import { endpointById } from "../../../runtime/endpoints/registry.ts";
import type { Exchange } from "../../../runtime/ext_proc/pipeline/exchange.ts";
import { UserError } from "../../../runtime/lib/errors.ts";
import { providers } from "../../../runtime/providers/registry.ts";
import { attempt, type Pair, pairOf } from "../providers/exchange.ts";
import { allSamples, type Sample, type Samples } from "./samples.ts";

/**
 * What becomes of a field on its way to a provider: `carried` into the provider's request, `dropped`
 * with a warning in the log, `in part` both, `refused` with a status that names it, `gateway` where it
 * is about the answer that the gateway writes, or `vanished`, which must not be.
 */
export type Outcome = "carried" | "dropped" | "in part" | "refused" | "gateway" | "vanished";

/** The model that each provider is asked for; what it can do decides some of the outcomes. */
export const MODELS: Readonly<Record<string, string>> = {
  OpenAI: "gpt-5-mini",
  AzureOpenAI: "gpt-5-mini",
  Anthropic: "claude-sonnet-4-5",
  AWSBedrock: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  AWSAnthropic: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  GCPVertexAI: "gemini-2.5-flash",
  GCPAnthropic: "claude-sonnet-4-5@20250929",
  Cohere: "command-a-reasoning-08-2025",
};

/** By endpoint: fields that the gateway itself heeds when it writes the answer, or that ask for what happens anyway. */
const OF_THE_GATEWAY: Readonly<Record<string, readonly string[]>> = {
  "chat-completions": ["stream_options", "modalities"],
  completions: ["echo", "stream_options"],
  embeddings: ["encoding_format"],
  "plain-rerank": ["return_documents"],
  // Off is what happens anyway where nothing is cited.
  "cohere-chat": ["citation_options"],
  responses: ["include", "reasoning: summary", "stream_options"],
};

export interface FieldRow {
  endpoint: string;
  field: string;
  /** By schema; absent where the provider gets the client's bytes. */
  outcomes: Map<string, Outcome>;
}

export const fieldRows = (): FieldRow[] =>
  allSamples.flatMap((samples) =>
    samples.samples.map((sample) => ({
      endpoint: samples.endpoint,
      field: sample.field,
      outcomes: new Map(
        providers.flatMap((provider) => {
          const endpoint = endpointById(samples.endpoint);
          const pair = endpoint && pairOf(endpoint, provider);
          return pair === undefined || pair.lane.way.kind === "passthrough"
            ? []
            : [[provider.meta.schema, outcomeOf(pair, samples, sample)] as const];
        }),
      ),
    })),
  );

function outcomeOf(pair: Pair, { endpoint, base, models }: Samples, sample: Sample): Outcome {
  const { schema } = pair.provider.meta;
  const model = models?.[schema] ?? MODELS[schema];
  const without = asked(pair, { model, ...base, ...sample.beside });
  if (without === undefined) throw new Error(`the base of ${endpoint} ${sample.field} is refused`);
  const withField = asked(pair, { model, ...base, ...sample.beside, ...sample.set });
  if (withField === undefined) return "refused";
  const carried = !isDeepStrictEqual(told(without), told(withField));
  // A field that every request has is dropped from each.
  const dropped = withField.dropped.some(
    (name) => !without.dropped.includes(name) || Object.hasOwn(sample.set, name),
  );
  if (carried) return dropped ? "in part" : "carried";
  if (dropped) return "dropped";
  return OF_THE_GATEWAY[endpoint]?.includes(sample.field) ? "gateway" : "vanished";
}

/** Undefined where it is refused. */
function asked(pair: Pair, request: Record<string, unknown>): Exchange | undefined {
  try {
    return attempt(pair, Buffer.from(JSON.stringify(request)));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const told = ({ path, headers, body }: Exchange) => [path, headers, body?.toString()];
