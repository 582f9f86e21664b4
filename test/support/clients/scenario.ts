import assert from "node:assert/strict";

/**
 * Scenarios: what an application does with a vendor's official client, as functions that throw where
 * the answer is not what the vendor's documentation promises. They run against any base URL: a
 * stand-in directly, or the gateway with any backend behind it.
 */
export interface Scenario {
  name: string;
  needs: readonly Ability[];
  /** True where it is about a backend that fails; its target has `fail`. */
  fails: boolean;
  run(target: Target): Promise<void>;
}

/** Where scenarios run. */
export interface Target {
  /** As the client takes it: with `/v1` for OpenAI's, without for Anthropic's. */
  baseUrl: string;
  apiKey: string;
  model: string;
  /** A model that reasons; `model` by default. */
  reasoningModel?: string;
  /** Makes the backend fail at its next request. */
  fail?: (failure: TargetFailure) => void;
}

export type TargetFailure =
  | { kind: "status"; status: number; headers?: Record<string, string> }
  | { kind: "reset"; afterBytes: number }
  | { kind: "stream-error"; afterEvents: number };

export type Ability =
  /** A wrong API key of the client's is refused. */
  | "client-keys"
  | "tools"
  | "parallel-tools"
  | "images"
  | "structured-output"
  /** JSON without a schema. */
  | "json-mode"
  /** More than one answer to a request. */
  | "candidates"
  | "logprobs"
  | "refusals"
  /** The model reasons, and the tokens for that are told. */
  | "reasoning"
  /** The text of the reasoning comes with the answer, and can be sent back. */
  | "reasoning-text"
  | "redacted-reasoning"
  /** Reasoning comes as items of a response, with what proves it. */
  | "reasoning-items"
  /** Earlier responses are kept, and found by their id. */
  | "stored-responses"
  | "stop-sequences"
  | "prompt-caching"
  | "citations"
  | "count-tokens"
  | "list-models";

/** The scenarios that a backend with these abilities can serve; `failing` when it can be made to fail. */
export const applicable = (
  scenarios: readonly Scenario[],
  abilities: Iterable<Ability>,
  { failing = false } = {},
): Scenario[] => {
  const has = new Set(abilities);
  return scenarios.filter(
    ({ needs, fails }) => needs.every((need) => has.has(need)) && (failing || !fails),
  );
};

/** A scenario written for a client: its context holds one, made for the target. */
export interface Draft<Context> {
  name: string;
  needs?: Ability[];
  fails?: boolean;
  run(context: Context): Promise<void>;
}

export const finished = <Context>(
  drafts: readonly Draft<Context>[],
  contextOf: (target: Target) => Context,
): Scenario[] =>
  drafts.map(({ name, needs = [], fails = false, run }) => ({
    name,
    needs,
    fails,
    run: (target) => run(contextOf(target)),
  }));

/** Equal as JSON. (Jest's objects and those that `fetch` parses have different prototypes.) */
export function assertSame(actual: unknown, expected: unknown): void {
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
  assert.deepEqual(plain(actual), plain(expected));
}

/** Text that codecs trip over: several scripts, surrogate pairs, quotes, escapes, control characters. */
export const UNUSUAL_TEXT =
  'naïve "quoted" \\ back\\slash\ttab — 你好 مرحبا 👩‍👩‍👧 \u2028 \u0001 </s> end';

/** A PNG of one pixel, in base64. */
export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const CITY_SCHEMA = {
  type: "object" as const,
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

/** For structured output: every kind of field. */
export const PERSON_SCHEMA = {
  type: "object" as const,
  properties: {
    name: { type: "string" },
    age: { type: "integer" },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["name", "age", "tags"],
  additionalProperties: false,
};
