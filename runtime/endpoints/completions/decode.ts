import type { Conversation } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { ParsedRequest } from "../endpoint.ts";
import { Field } from "../field.ts";
import type { JsonBody } from "../request-body.ts";

/** Members that have a place of their own, or are about the answer, which the gateway writes. */
const KNOWN_FIELDS = new Set([
  "best_of",
  "echo",
  "frequency_penalty",
  "logprobs",
  "max_tokens",
  "model",
  "n",
  "presence_penalty",
  "prompt",
  "seed",
  "stop",
  "stream",
  "stream_options",
  "suffix",
  "temperature",
  "top_p",
  "user",
]);

/**
 * A prompt as what a user says: models that converse answer it, where older ones would have written
 * on. A limit of tokens that the client does not name is the provider's, not the 16 of OpenAI's.
 * @throws {UserError} 422 with the field that is wrong, or that only a model of completions can heed
 */
export function decodeCompletionRequest({
  model,
  stream,
  body,
}: ParsedRequest<JsonBody>): Conversation {
  const root = new Field(body);
  refuseUnanswerable(root);
  const number = (name: string) => root.get(name).optional((field) => field.number());
  const candidates = root.get("n").optional((field) => field.integer(1));
  return {
    model,
    stream,
    system: [],
    turns: [{ role: "user", content: [{ type: "text", text: promptOf(root) }] }],
    tools: [],
    ...present({
      candidates,
      maxTokens: root.get("max_tokens").optional((field) => field.integer(1)),
      temperature: number("temperature"),
      topP: number("top_p"),
      stop: root.get("stop").optional((field) => field.strings()),
      seed: root.get("seed").optional((field) => field.integer()),
      frequencyPenalty: number("frequency_penalty"),
      presencePenalty: number("presence_penalty"),
      logprobs: root.get("logprobs").optional((field) => ({ top: field.integer(0) })),
      userId: root.get("user").optional((field) => field.string()),
    }),
    vendor: Object.fromEntries(root.others(KNOWN_FIELDS)),
    ...lostChoice(root, candidates ?? 1),
  };
}

/** Of several candidates the provider gives the first, not the likeliest. */
function lostChoice(root: Field, candidates: number): { lost?: string[] } {
  const best = root.get("best_of").optional((field) => field.integer(1)) ?? candidates;
  return best > candidates ? { lost: ["best_of"] } : {};
}

/** The one text that a request may hold here: `"…"` or `["…"]`. @throws {UserError} 422 */
export function promptOf(root: Field): string {
  const prompt = root.get("prompt");
  if (!Array.isArray(prompt.value)) return prompt.string();
  const [first, ...others] = prompt.items();
  if (first === undefined) throw prompt.wrong("a text");
  if (typeof first.value !== "string") {
    throw unsupported("prompt: the provider of this model takes text, not tokens", "prompt");
  }
  if (others.length > 0) {
    throw unsupported(
      "prompt: the provider of this model takes one prompt a request; send them one by one",
      "prompt",
    );
  }
  return first.string();
}

/** What would be another answer without. */
function refuseUnanswerable(root: Field): void {
  if (root.get("suffix").optional((field) => field.string())) {
    throw unsupported(
      "suffix: the provider of this model does not fill gaps; its models converse",
      "suffix",
    );
  }
  if (root.get("echo").optional((field) => field.boolean()) !== true) return;
  if (root.get("logprobs").absent) return;
  throw unsupported(
    "echo: the provider of this model does not tell how likely the prompt is; leave out logprobs",
    "echo",
  );
}
