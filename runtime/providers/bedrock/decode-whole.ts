import { z } from "zod";
import type { Conversation } from "../../conversation/conversation.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { badUpstream } from "../../lib/errors.ts";
import { collect, type Transducer } from "../../lib/transducer.ts";
import { type AnswerBlock, converseResponseSchema } from "../../schemas/bedrock/response.ts";
import { toAnthropicCitation } from "./citations.ts";
import { finishEvent } from "./finish.ts";
import { clientToolNames } from "./names.ts";
import { toUsage } from "./usage.ts";

/**
 * Answers of Converse. @throws {UserError} 502 from `finish` when the body is not one, as with an
 * error of AWS's framework that comes with status 200.
 */
export const converseDecoder = (
  conversation: Conversation,
): Transducer<Buffer, ConversationEvent> => collect((body) => decodeConverse(body, conversation));

function decodeConverse(body: Buffer, { model, tools }: Conversation): ConversationEvent[] {
  const { output, stopReason, usage, additionalModelResponseFields } = parse(body);
  const toolName = clientToolNames(tools);
  let index = 0;
  const blocks = output.message.content.flatMap((block) => {
    const events = blockEvents(block, index, toolName);
    if (events.length > 0) index += 1;
    return events;
  });
  return [
    { type: "start", model },
    ...blocks,
    finishEvent(stopReason, additionalModelResponseFields),
    ...(usage === undefined ? [] : [{ type: "usage" as const, usage: toUsage(usage) }]),
    { type: "end" },
  ];
}

/** None for blocks that mean nothing to clients, such as calls of tools that Bedrock carries out. */
function blockEvents(
  { text, toolUse, reasoningContent, citationsContent }: AnswerBlock,
  index: number,
  toolName: (wireName: string) => string,
): ConversationEvent[] {
  if (text !== undefined) {
    return [
      { type: "block-start", index, block: { type: "text" } },
      { type: "text-delta", index, text },
      { type: "block-stop", index },
    ];
  }
  if (toolUse !== undefined && toolUse.type === undefined) {
    const { toolUseId: id, name, input } = toolUse;
    return [
      { type: "block-start", index, block: { type: "tool-use", id, name: toolName(name) } },
      { type: "tool-input-delta", index, json: JSON.stringify(input ?? {}) },
      { type: "block-stop", index },
    ];
  }
  if (citationsContent !== undefined) {
    return [
      { type: "block-start", index, block: { type: "text" } },
      {
        type: "text-delta",
        index,
        text: (citationsContent.content ?? []).map((part) => part.text ?? "").join(""),
      },
      ...(citationsContent.citations ?? []).map((citation) => ({
        type: "citation" as const,
        index,
        citation: toAnthropicCitation(citation),
      })),
      { type: "block-stop", index },
    ];
  }
  if (reasoningContent?.reasoningText !== undefined) {
    const { text: thinking, signature } = reasoningContent.reasoningText;
    return [
      { type: "block-start", index, block: { type: "thinking" } },
      ...(thinking === "" ? [] : [{ type: "thinking-delta" as const, index, text: thinking }]),
      ...(signature === undefined ? [] : [{ type: "signature-delta" as const, index, signature }]),
      { type: "block-stop", index },
    ];
  }
  if (reasoningContent?.redactedContent !== undefined) {
    const data = reasoningContent.redactedContent;
    return [
      { type: "block-start", index, block: { type: "redacted-thinking", data } },
      { type: "block-stop", index },
    ];
  }
  return [];
}

function parse(body: Buffer): z.infer<typeof converseResponseSchema> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw badUpstream("AWS Bedrock's answer is not JSON");
  }
  const parsed = converseResponseSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badUpstream(
    `AWS Bedrock's answer is not one of Converse: ${z.prettifyError(parsed.error)}`,
  );
}
