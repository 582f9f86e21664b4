import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { Block, ConversationEvent } from "../../conversation/events.ts";
import { badUpstream } from "../../lib/errors.ts";
import type { Usage } from "../../lib/usage.ts";
import { anthropicError } from "../anthropic-family.ts";
import type { EncoderOptions } from "../endpoint.ts";
import { ofProvider } from "../provider-error.ts";
import { isForeign } from "./candidates.ts";
import { CALLER, EndingCollector } from "./ending.ts";
import { encodeMessageUsage } from "./usage.ts";

interface Collected {
  block: Block;
  text: string;
  signature: string;
  citations: unknown[];
}

/** Gathers an answer and writes it as one Message. */
export function wholeEncoder(model: string, { id }: EncoderOptions): ConversationEncoder {
  const message = new CollectedMessage(model, id);
  let ended = false;
  return {
    contentType: "application/json",
    push(event) {
      if (ended) return [];
      ended = event.type === "end" || event.type === "error";
      if (event.type === "error") return [anthropicError(ofProvider(event.error))];
      if (event.type === "end") return [Buffer.from(JSON.stringify(message.write()))];
      message.take(event);
      return [];
    },
    finish() {
      if (ended) return [];
      throw badUpstream("the provider's answer ended before it was complete");
    },
  };
}

class CollectedMessage {
  #id: string;
  #model: string;
  #usage: Usage = {};
  readonly #ending = new EndingCollector();
  readonly #blocks = new Map<number, Collected>();

  constructor(model: string, id: string) {
    this.#model = model;
    this.#id = id;
  }

  take(event: ConversationEvent): void {
    if (isForeign(event)) return;
    this.#ending.take(event);
    switch (event.type) {
      case "start":
        this.#id = event.id ?? this.#id;
        this.#model = event.model ?? this.#model;
        break;
      case "usage":
        this.#usage = { ...this.#usage, ...event.usage };
        break;
      case "block-start":
        this.#blocks.set(event.index, {
          block: event.block,
          text: "",
          signature: "",
          citations: [],
        });
        break;
      default:
        if ("index" in event) this.#add(event);
    }
  }

  #add(event: Extract<ConversationEvent, { index: number }>): void {
    const collected = this.#blocks.get(event.index);
    if (collected === undefined) return;
    switch (event.type) {
      case "text-delta":
      case "thinking-delta":
        collected.text += event.text;
        break;
      case "tool-input-delta":
        collected.text += event.json;
        break;
      case "signature-delta":
        collected.signature += event.signature;
        break;
      case "citation":
        collected.citations.push(event.citation);
        break;
      default:
    }
  }

  write(): Record<string, unknown> {
    return {
      id: this.#id,
      type: "message",
      role: "assistant",
      model: this.#model,
      content: [...this.#blocks.values()].flatMap((block) => this.#writeBlock(block)),
      ...this.#ending.ending(),
      container: null,
      diagnostics: null,
      usage: encodeMessageUsage(this.#usage),
    };
  }

  #writeBlock({ block, text, signature, citations }: Collected): Record<string, unknown>[] {
    switch (block.type) {
      case "text":
        return [{ type: "text", text, citations: citations.length === 0 ? null : citations }];
      case "thinking":
        return [{ type: "thinking", thinking: text, signature }];
      case "redacted-thinking":
        return [{ type: "redacted_thinking", data: block.data }];
      case "tool-use":
        return [
          {
            type: "tool_use",
            id: block.id,
            name: block.name,
            input: this.#parseInput(block.name, text),
            caller: CALLER,
          },
        ];
      case "refusal":
        return [];
    }
  }

  /** An answer that was cut off may be so within the input, of which nothing can be used then. */
  #parseInput(tool: string, json: string): unknown {
    if (json.trim() === "") return {};
    try {
      return JSON.parse(json);
    } catch {
      if (this.#ending.reason === "length") return {};
      throw badUpstream(`the model called the tool "${tool}" with input that is not JSON`);
    }
  }
}
