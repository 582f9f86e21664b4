import { z } from "zod";
import { badUpstream } from "../../lib/errors.ts";
import { collect, type Transducer } from "../../lib/transducer.ts";
import { messageSchema } from "../../schemas/anthropic/response.ts";
import type { Conversation } from "../conversation.ts";
import type { ConversationEvent } from "../events.ts";
import { AnswerBlocks } from "./answer-blocks.ts";
import { endingEvents } from "./finish.ts";
import { clientToolNames } from "./names.ts";
import { usageOf } from "./usage.ts";

/** Whole messages. @throws {UserError} 502 from `finish` when the body is not one. */
export const messageDecoder = (conversation: Conversation): Transducer<Buffer, ConversationEvent> =>
  collect((body) => decodeMessage(body, conversation));

function decodeMessage(body: Buffer, { model, tools }: Conversation): ConversationEvent[] {
  const message = parse(body);
  const blocks = new AnswerBlocks(clientToolNames(tools));
  const content = message.content.flatMap((block, at) => [
    ...blocks.start(at, block),
    ...blocks.stop(at),
  ]);
  return [
    {
      type: "start",
      ...(message.id === undefined ? {} : { id: message.id }),
      model: message.model ?? model,
    },
    ...content,
    ...endingEvents(message, blocks.count),
    ...(message.usage == null ? [] : [{ type: "usage" as const, usage: usageOf(message.usage) }]),
    { type: "end" },
  ];
}

function parse(body: Buffer): z.infer<typeof messageSchema> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw badUpstream("Anthropic's answer is not JSON");
  }
  const parsed = messageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badUpstream(`Anthropic's answer is not a message: ${z.prettifyError(parsed.error)}`);
}
