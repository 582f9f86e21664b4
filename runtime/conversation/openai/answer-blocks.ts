import { shortHash } from "../../lib/hash.ts";
import type {
  MessageDelta,
  ThinkingBlockDelta,
  ToolCallDelta,
} from "../../schemas/openai/response.ts";
import type { Block, ConversationEvent } from "../events.ts";

/** Gives every block of an answer a number of its own, whichever choice it belongs to. */
export class BlockCounter {
  #count = 0;

  next(): number {
    this.#count += 1;
    return this.#count - 1;
  }
}

interface OpenBlock {
  index: number;
  kind: Block["type"];
}

interface OpenCall {
  index: number;
  id: string;
  /** Any input has come. */
  hasInput: boolean;
}

/**
 * The blocks of one choice. OpenAI's messages have none: text, refusal and reasoning are a field
 * each, and calls a list. A block begins with the first piece of its field and ends when another
 * begins, but for calls, which may grow side by side until the message ends.
 */
export class ChoiceBlocks {
  readonly #candidate: number;
  readonly #counter: BlockCounter;
  readonly #salt: string;
  readonly #toolName: (wireName: string) => string;
  readonly #calls = new Map<number, OpenCall>();
  #open: OpenBlock | undefined;
  #unnamed = 0;
  /** Characters of the message, and those before the open text. */
  #textLength = 0;
  #textStart = 0;
  /** The model has refused in words. */
  refused = false;

  /** @param salt of this answer and no other in the conversation, for ids of calls that have none */
  constructor(
    candidate: number,
    counter: BlockCounter,
    toolName: (wireName: string) => string,
    salt: string,
  ) {
    this.#salt = salt;
    this.#candidate = candidate;
    this.#counter = counter;
    this.#toolName = toolName;
  }

  /** A delta of a stream, or a whole message, which has the same members. */
  take(delta: MessageDelta): ConversationEvent[] {
    const thinkingBlocks = delta.thinking_blocks ?? [];
    // Text that stands in blocks, each with its signature, is there in plain form once more.
    const toldInBlocks = thinkingBlocks.some(({ thinking }) => Boolean(thinking));
    return [
      ...this.#thinking(toldInBlocks ? "" : (delta.reasoning_content ?? delta.reasoning ?? "")),
      ...thinkingBlocks.flatMap((block) => this.#thinkingBlock(block)),
      ...this.#text(textOf(delta.content)),
      ...this.#citations(delta.annotations ?? []),
      ...this.#refusal(delta.refusal ?? ""),
      ...callsOf(delta).flatMap((call, position) => this.#call(call, position)),
    ];
  }

  /** The message has ended. */
  end(): ConversationEvent[] {
    const calls = [...this.#calls.values()].flatMap(endOfCall);
    this.#calls.clear();
    return [...this.#close(), ...calls];
  }

  #thinking(text: string): ConversationEvent[] {
    if (text === "") return [];
    const { block, events } = this.#into("thinking");
    return [...events, { type: "thinking-delta", index: block.index, text }];
  }

  #thinkingBlock({ type, thinking, signature, data }: ThinkingBlockDelta): ConversationEvent[] {
    if (type === "redacted_thinking") {
      const { index, events } = this.#begin({ type: "redacted-thinking", data: data ?? "" });
      return [...events, { type: "block-stop", index }];
    }
    if (type !== "thinking") return [];
    const { block, events } = this.#into("thinking");
    const { index } = block;
    if (thinking) events.push({ type: "thinking-delta", index, text: thinking });
    // A signature seals the block: reasoning that comes after it is another.
    if (signature) events.push({ type: "signature-delta", index, signature }, ...this.#close());
    return events;
  }

  #text(text: string): ConversationEvent[] {
    if (text === "") return [];
    const { block, events } = this.#into("text");
    if (events.length > 0) this.#textStart = this.#textLength;
    this.#textLength += text.length;
    return [...events, { type: "text-delta", index: block.index, text }];
  }

  /** Search results, in Anthropic's shape, in which citations travel inside the gateway. */
  #citations(annotations: NonNullable<MessageDelta["annotations"]>): ConversationEvent[] {
    return annotations.flatMap(({ url_citation: cited }) => {
      if (cited === undefined || this.#open?.kind !== "text") return [];
      const citation = {
        type: "web_search_result_location",
        cited_text: "",
        url: cited.url ?? "",
        title: cited.title ?? null,
        encrypted_index: "",
      };
      const from = (cited.start_index ?? -1) - this.#textStart;
      const to = (cited.end_index ?? -1) - this.#textStart;
      const place = from < 0 || to < from ? {} : { span: { start: from, end: to } };
      return [{ type: "citation" as const, index: this.#open.index, citation, ...place }];
    });
  }

  #refusal(text: string): ConversationEvent[] {
    if (text === "") return [];
    this.refused = true;
    const { block, events } = this.#into("refusal");
    return [...events, { type: "refusal-delta", index: block.index, text }];
  }

  /** Some servers number none of their calls, or all alike: a new id is a new call. */
  #call(delta: ToolCallDelta, position: number): ConversationEvent[] {
    const at = delta.index ?? position;
    const id = delta.id ?? "";
    const events: ConversationEvent[] = [];
    let call = this.#calls.get(at);
    if (call !== undefined && id !== "" && id !== call.id) {
      events.push(...endOfCall(call));
      call = undefined;
    }
    if (call === undefined) {
      const name = this.#toolName(delta.function?.name ?? "");
      // Results name the call that they answer, so that every call needs an id.
      const begun = this.#begin({ type: "tool-use", id: id || this.#newId(), name });
      events.push(...begun.events);
      call = { index: begun.index, id, hasInput: false };
      this.#calls.set(at, call);
    }
    const json = delta.function?.arguments ?? "";
    if (json === "") return events;
    call.hasInput = true;
    return [...events, { type: "tool-input-delta", index: call.index, json }];
  }

  #newId(): string {
    this.#unnamed += 1;
    return `call_${shortHash(this.#salt, String(this.#candidate), String(this.#unnamed))}`;
  }

  /** The open block of this kind; begins one where another is open, or none. */
  #into(kind: "text" | "thinking" | "refusal"): { block: OpenBlock; events: ConversationEvent[] } {
    if (this.#open?.kind === kind) return { block: this.#open, events: [] };
    const { index, events } = this.#begin({ type: kind });
    this.#open = { index, kind };
    return { block: this.#open, events };
  }

  #begin(block: Block): { index: number; events: ConversationEvent[] } {
    const index = this.#counter.next();
    const candidate = this.#candidate === 0 ? {} : { candidate: this.#candidate };
    return {
      index,
      events: [...this.#close(), { type: "block-start", index, ...candidate, block }],
    };
  }

  #close(): ConversationEvent[] {
    if (this.#open === undefined) return [];
    const { index } = this.#open;
    this.#open = undefined;
    return [{ type: "block-stop", index }];
  }
}

/** A call of a server from before tools, which knew but one, is the first. */
const callsOf = ({ tool_calls, function_call }: MessageDelta): ToolCallDelta[] =>
  tool_calls ?? (function_call == null ? [] : [{ index: 0, function: function_call }]);

/** Clients parse the input of a call as JSON, also where the model gave none. */
const endOfCall = ({ index, hasInput }: OpenCall): ConversationEvent[] => [
  ...(hasInput ? [] : [{ type: "tool-input-delta" as const, index, json: "{}" }]),
  { type: "block-stop", index },
];

const textOf = (content: MessageDelta["content"]): string =>
  typeof content === "string"
    ? content
    : (content ?? []).map(({ type, text }) => (type === "text" ? (text ?? "") : "")).join("");
