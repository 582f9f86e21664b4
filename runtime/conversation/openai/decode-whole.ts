import { z } from "zod";
import { badUpstream } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import { collect, type Transducer } from "../../lib/transducer.ts";
import { completionSchema } from "../../schemas/openai/response.ts";
import type { Conversation } from "../conversation.ts";
import type { ConversationEvent } from "../events.ts";
import { Choices } from "./answer.ts";
import { streamedError } from "./errors.ts";
import { usageOf } from "./usage.ts";

/** Whole completions. @throws {UserError} 502 from `finish` when the body is not one. */
export const completionDecoder = (
  conversation: Conversation,
): Transducer<Buffer, ConversationEvent> => collect((body) => decodeCompletion(body, conversation));

function decodeCompletion(body: Buffer, conversation: Conversation): ConversationEvent[] {
  const value = parseJson(body);
  // Some servers answer 200 and an error.
  const error = streamedError(value);
  if (error !== undefined) return [{ type: "error", error }];
  const { id, model, created, usage, choices: wire } = parse(value);
  const choices = new Choices(conversation);
  return [
    { type: "start", ...present({ id, created }), model: model ?? conversation.model },
    ...wire.flatMap(({ index, message, finish_reason, logprobs }) =>
      choices.take(index, message, finish_reason ?? "stop", logprobs),
    ),
    ...(usage == null ? [] : [{ type: "usage" as const, usage: usageOf(usage) }]),
    { type: "end" },
  ];
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw badUpstream("the provider's answer is not JSON");
  }
}

function parse(value: unknown): z.infer<typeof completionSchema> {
  const parsed = completionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badUpstream(
    `the provider's answer is not a chat completion: ${z.prettifyError(parsed.error)}`,
  );
}
