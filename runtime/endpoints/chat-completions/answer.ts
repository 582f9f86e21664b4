import type { Block, ConversationEvent, FinishReason } from "../../conversation/events.ts";
import { present } from "../../lib/present.ts";
import type { DetailedUsage } from "../../lib/usage.ts";
import { addressOf } from "../citation.ts";
import type { EncoderOptions, ParsedRequest } from "../endpoint.ts";
import type { JsonBody } from "../request-body.ts";

/** Members that a completion and each of its chunks have in common. */
export interface AnswerHead {
  id: string;
  created: number;
  model: string;
}

export const headOf = (
  { model }: ParsedRequest<JsonBody>,
  { id, created }: EncoderOptions,
  start: Partial<Extract<ConversationEvent, { type: "start" }>> = {},
): AnswerHead => ({
  id: start.id ?? id,
  created: start.created ?? created,
  model: start.model ?? model,
});

/** Clients from before tools asked with `functions`, and read a `function_call` in the answer. */
export const speaksFunctions = ({ body }: ParsedRequest<JsonBody>): boolean =>
  Array.isArray(body.functions) && !Array.isArray(body.tools);

const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: "stop",
  "stop-sequence": "stop",
  length: "length",
  "tool-use": "tool_calls",
  "content-filter": "content_filter",
  refusal: "content_filter",
  "context-window": "length",
  pause: "stop",
  // Not in OpenAI's list, but any word of that list would be untrue.
  error: "error",
};

/** @param refused whether the refusal has been told in words already, as a message that stops */
export function finishReason(
  reason: FinishReason,
  { refused, functions }: { refused: boolean; functions: boolean },
): string {
  if (reason === "refusal" && refused) return "stop";
  if (reason === "tool-use" && functions) return "function_call";
  return FINISH_REASONS[reason];
}

/** `usage`; undefined where the provider has counted nothing. */
export function usageJson(usage: DetailedUsage): Record<string, unknown> | undefined {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return undefined;
  const prompt = present({
    cached_tokens: usage.cachedInputTokens,
    // OpenAI's name, and that of gateways before it had one.
    cache_write_tokens: usage.cacheCreationInputTokens,
    cache_creation_input_tokens: usage.cacheCreationInputTokens,
    audio_tokens: usage.audioInputTokens,
  });
  const completion = present({ reasoning_tokens: usage.reasoningTokens });
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: usage.totalTokens ?? inputTokens + outputTokens,
    ...(Object.keys(prompt).length === 0 ? {} : { prompt_tokens_details: prompt }),
    ...(Object.keys(completion).length === 0 ? {} : { completion_tokens_details: completion }),
  };
}

/** A block that is being told, and where its text stands in the message. */
export interface OpenBlock {
  candidate: number;
  type: Block["type"];
  /** Among the tool calls of the message. */
  toolIndex: number;
  /** True once arguments have come. */
  hasInput: boolean;
  /** Characters of the message before this block's text. */
  textStart: number;
  /** Of thinking, so far. */
  thinking: string;
  signature: string;
  citations: Citation[];
}

type Citation = Extract<ConversationEvent, { type: "citation" }>;

/** What a message has so far, as far as later parts of it depend on that. */
interface MessageState {
  tools: number;
  thinkingBlocks: number;
  /** Of the blocks of text that have ended. */
  annotations: Record<string, unknown>[];
  textLength: number;
  refused: boolean;
}

/** The blocks and messages of an answer in the making; the same for whole and streamed ones. */
export class AnswerState {
  readonly #blocks = new Map<number, OpenBlock>();
  readonly #messages = new Map<number, MessageState>();

  start(event: Extract<ConversationEvent, { type: "block-start" }>): OpenBlock {
    const candidate = event.candidate ?? 0;
    const message = this.#message(candidate);
    const block: OpenBlock = {
      candidate,
      type: event.block.type,
      toolIndex: message.tools,
      hasInput: false,
      textStart: message.textLength,
      thinking: "",
      signature: "",
      citations: [],
    };
    if (block.type === "tool-use") message.tools += 1;
    if (block.type === "refusal") message.refused = true;
    this.#blocks.set(event.index, block);
    return block;
  }

  /** @throws {Error} when a provider's decoder tells of a block that it never began */
  block(index: number): OpenBlock {
    const block = this.#blocks.get(index);
    if (block === undefined) throw new Error(`no block ${index} has begun`);
    return block;
  }

  addText(index: number, text: string): OpenBlock {
    const block = this.block(index);
    this.#message(block.candidate).textLength += text.length;
    return block;
  }

  /** A block is complete: what it cites becomes annotations of its message. */
  stop(index: number): OpenBlock {
    const block = this.block(index);
    const { annotations, textLength } = this.#message(block.candidate);
    for (const { citation, span } of block.citations) {
      const start = block.textStart + (span?.start ?? 0);
      const end = span === undefined ? textLength : block.textStart + span.end;
      const told = annotation(citation, start, end);
      if (told !== undefined) annotations.push(told);
    }
    return block;
  }

  annotations = (candidate: number): Record<string, unknown>[] =>
    this.#message(candidate).annotations;

  /** The place of one more block among the message's `thinking_blocks`. */
  nextThinkingIndex(candidate: number): number {
    const message = this.#message(candidate);
    message.thinkingBlocks += 1;
    return message.thinkingBlocks - 1;
  }

  refused = (candidate: number): boolean => this.#message(candidate).refused;

  #message(candidate: number): MessageState {
    const known = this.#messages.get(candidate);
    if (known !== undefined) return known;
    const fresh = { tools: 0, thinkingBlocks: 0, annotations: [], textLength: 0, refused: false };
    this.#messages.set(candidate, fresh);
    return fresh;
  }
}

/**
 * `url_citation`, the only annotation that chat completions know: citations of documents that the
 * client itself has sent have no URL, and no place here.
 */
function annotation(
  citation: unknown,
  start: number,
  end: number,
): Record<string, unknown> | undefined {
  const address = addressOf(citation);
  if (address === undefined) return undefined;
  return {
    type: "url_citation",
    url_citation: { start_index: start, end_index: end, ...address },
  };
}
