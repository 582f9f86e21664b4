import { createHash } from "node:crypto";
import { type Answer, pieces } from "../script.ts";
import type { ChatRequest } from "./schema.ts";

/** Prompts of this many tokens count them as read from the cache, as OpenAI's do from here on. */
const CACHED_PREFIX = 1024;

/** An answer on its way to the wire. */
export interface Completion {
  id: string;
  /** Unix seconds. */
  created: number;
  request: ChatRequest;
  answer: Answer;
}

/** The body of `chat.completion`. */
export function completionBody(completion: Completion): Record<string, unknown> {
  const { request, answer } = completion;
  const calls = toolCalls(completion);
  return {
    ...head(completion, "chat.completion"),
    choices: indices(request).map((index) => ({
      index,
      message: {
        role: "assistant",
        content: answer.text === "" ? null : answer.text,
        refusal: answer.refusal ?? null,
        ...(calls.length > 0 ? { tool_calls: calls } : {}),
        annotations: [],
      },
      logprobs: request.logprobs ? logprobs(answer.text, request) : null,
      finish_reason: finishReason(answer),
    })),
    ...(answer.reportsUsage ? { usage: usage(completion) } : {}),
  };
}

/** The events of a streamed answer, `data: [DONE]` included. */
export function completionEvents(completion: Completion): Buffer[] {
  const { request, answer } = completion;
  const wantsUsage = request.stream_options?.include_usage === true;
  const shared = {
    ...head(completion, "chat.completion.chunk"),
    ...(wantsUsage ? { usage: null } : {}),
  };
  const obfuscate = request.stream_options?.include_obfuscation !== false;
  const chunk = (index: number, delta: object, finish: string | null = null, extra = {}) =>
    event({
      ...shared,
      choices: [{ index, delta, logprobs: null, finish_reason: finish, ...extra }],
      ...(obfuscate ? { obfuscation: obfuscation(delta) } : {}),
    });

  const events = indices(request).flatMap((index) => [
    chunk(index, {
      role: "assistant",
      content: answer.calls.length > 0 ? null : "",
      refusal: null,
    }),
    ...pieces(answer.text).map((content) =>
      chunk(
        index,
        { content },
        null,
        request.logprobs ? { logprobs: logprobs(content, request) } : {},
      ),
    ),
    ...pieces(answer.refusal ?? "").map((refusal) => chunk(index, { refusal })),
    ...toolCallDeltas(completion).map((call) => chunk(index, { tool_calls: [call] })),
    chunk(index, {}, finishReason(answer)),
  ]);
  if (wantsUsage && answer.reportsUsage) {
    events.push(event({ ...shared, choices: [], usage: usage(completion) }));
  }
  return [...events, Buffer.from("data: [DONE]\n\n")];
}

const event = (body: unknown) => Buffer.from(`data: ${JSON.stringify(body)}\n\n`);

const head = ({ id, created, request }: Completion, object: string) => ({
  id,
  object,
  created,
  model: request.model,
  service_tier: "default",
  system_fingerprint: "fp_standin",
});

const indices = ({ n }: ChatRequest): number[] =>
  Array.from({ length: n ?? 1 }, (_, index) => index);

function toolCalls({ id, answer }: Completion) {
  return answer.calls.map(({ name, input }, index) => ({
    id: `call_${createHash("sha256").update(`${id}/${index}`).digest("hex").slice(0, 24)}`,
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
}

/** A call comes as its head, without arguments, and then its arguments piece by piece. */
function toolCallDeltas(completion: Completion) {
  return toolCalls(completion).flatMap(
    ({ function: { name, arguments: text }, ...call }, index) => [
      { index, ...call, function: { name, arguments: "" } },
      ...(text.match(/.{1,7}/gs) ?? []).map((piece) => ({ index, function: { arguments: piece } })),
    ],
  );
}

function finishReason({ finish }: Answer): string {
  if (finish === "tool-use") return "tool_calls";
  return finish === "length" ? "length" : "stop";
}

function usage({ request, answer }: Completion) {
  const { input, output, reasoning } = answer.usage;
  const choices = request.n ?? 1;
  return {
    prompt_tokens: input,
    completion_tokens: output * choices,
    total_tokens: input + output * choices,
    prompt_tokens_details: {
      cached_tokens: input >= CACHED_PREFIX ? CACHED_PREFIX : 0,
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning * choices,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function logprobs(text: string, { top_logprobs: top }: ChatRequest) {
  const entry = (token: string, logprob: number) => ({
    token,
    logprob,
    bytes: [...Buffer.from(token)],
  });
  return {
    content: pieces(text).map((token) => ({
      ...entry(token, -0.25),
      top_logprobs: Array.from({ length: top ?? 0 }, (_, rank) => entry(token, -0.25 - rank)),
    })),
    refusal: null,
  };
}

/** Padding to a multiple of 16 bytes, so that lengths on the wire do not tell the tokens. */
const obfuscation = (delta: object): string => "x".repeat(16 - (JSON.stringify(delta).length % 16));
