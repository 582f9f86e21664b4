import type { Reporting } from "../../endpoints/endpoint.ts";
import type { Usage } from "../../lib/usage.ts";
import { type UsageReading, usageText } from "../../program/finished-line.ts";
import { METADATA_NAMESPACE, SHAPED_KEY, USAGE_TEXT_KEY } from "../../program/names.ts";
import type { Program } from "../../program/program.ts";
import { computeCosts, type OnCostProblem } from "../cost/cost.ts";
import type { DynamicMetadata } from "../wire/response.ts";

/** A 2xx answer without usage: the cost keys hold estimates. */
const USAGE_MISSING_KEY = "usage_missing";

type Values = Record<string, number | string | boolean>;

const under = (values: Values): DynamicMetadata => ({ namespace: METADATA_NAMESPACE, values });

/** What a request costs that ends without usage: roughly four bytes make a token. */
export const estimateTokens = (bytes: number): number => Math.ceil(bytes / 4);

export interface RequestFacts {
  /** What the endpoint's answers say of their costs. */
  reporting: Reporting;
  /** The model that the client asked for. */
  originalModel: string;
  /** The model that the provider is asked for. */
  model: string;
  /** Tokens, by the size of the body. */
  inputEstimate: number;
}

export interface AnswerFacts {
  usage: Usage | undefined;
  responseModel: string | undefined;
  outputEstimate: number;
  /** Milliseconds since the request; streams only. */
  firstTokenMs: number | undefined;
  lastTokenMs: number | undefined;
}

/** What one attempt writes into the request's metadata in the course of its life. */
export class AttemptMetadata {
  readonly #program: Program;
  readonly #facts: RequestFacts;
  readonly #onProblem: OnCostProblem;

  constructor(program: Program, facts: RequestFacts, onProblem: OnCostProblem) {
    this.#program = program;
    this.#facts = facts;
    this.#onProblem = onProblem;
  }

  /**
   * With the request: names, and estimates for every cost, so that a client that leaves early is
   * charged. Everything that an earlier attempt can have written is written anew: the other keys
   * are written only once an answer has begun, after which there is no other attempt.
   */
  request(): DynamicMetadata {
    const { route, backend } = this.#program;
    const values: Values = {
      route_name: route,
      backend_name: backend,
      ai_service_backend_name: backend,
      model_name_override: this.#facts.model,
      original_model: this.#facts.originalModel,
    };
    return under(this.#withCosts(values, this.#estimate(0)));
  }

  /** From time to time while an answer streams; undefined where nothing depends on it. */
  progress(outputEstimate: number): DynamicMetadata | undefined {
    if (!this.#program.costs?.length) return undefined;
    return under(this.#withCosts({}, this.#estimate(outputEstimate)));
  }

  /** At the end of an answer: what it really cost. */
  answer(facts: AnswerFacts): DynamicMetadata {
    const { usage } = facts;
    const values: Values = {};
    const reading: UsageReading = { ...usage };
    if (facts.responseModel !== undefined) reading.model = facts.responseModel;
    if (usage === undefined && this.#facts.reporting === "always") values[USAGE_MISSING_KEY] = true;
    if (facts.firstTokenMs !== undefined && facts.lastTokenMs !== undefined) {
      const gaps = (usage?.outputTokens ?? facts.outputEstimate) - 1;
      const between = gaps > 0 ? (facts.lastTokenMs - facts.firstTokenMs) / gaps : 0;
      reading.firstToken = values.token_latency_ttft = facts.firstTokenMs;
      reading.betweenTokens = values.token_latency_itl = between;
    }
    const text = usageText(reading);
    if (text !== "") values[USAGE_TEXT_KEY] = text;
    return under(this.#withCosts(values, usage ?? this.#estimate(facts.outputEstimate)));
  }

  /** When there is no answer but an error: nothing is charged. */
  failure(): DynamicMetadata | undefined {
    const { costs } = this.#program;
    if (!costs?.length) return undefined;
    return under(Object.fromEntries(costs.map(({ key }) => [key, 0])));
  }

  #estimate(output: number): Usage {
    const { inputEstimate, reporting } = this.#facts;
    if (reporting !== "always") return {};
    return {
      inputTokens: inputEstimate,
      outputTokens: output,
      totalTokens: inputEstimate + output,
    };
  }

  #withCosts(values: Values, usage: Usage): Values {
    const { costs, route, backend } = this.#program;
    if (!costs?.length) return values;
    const variables = { model: this.#facts.model, backend, routeName: route, usage };
    return Object.assign(values, computeCosts(costs, variables, this.#onProblem));
  }
}

/** Written with an answer that the gateway makes itself. */
export const SHAPED: DynamicMetadata = under({ [SHAPED_KEY]: true });
