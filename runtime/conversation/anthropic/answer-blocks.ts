import type { AnswerBlock, Delta } from "../../schemas/anthropic/response.ts";
import type { Block, ConversationEvent } from "../events.ts";

interface OpenBlock {
  /** In the client's answer. */
  index: number;
  kind: Block["type"];
  /** Tool uses: whether any input has come in deltas. */
  hasInput: boolean;
  /** Tool uses: the input that the block began with. */
  input: unknown;
}

/**
 * The content blocks of an answer. Those of types that have no place in other protocols, such as
 * the calls of tools that Anthropic itself carries out, are left out and the rest numbered anew.
 */
export class AnswerBlocks {
  readonly #toolName: (wireName: string) => string;
  readonly #open = new Map<number, OpenBlock>();
  #count = 0;

  constructor(toolName: (wireName: string) => string) {
    this.#toolName = toolName;
  }

  /** Number of the blocks so far, and with that the index of the next. */
  get count(): number {
    return this.#count;
  }

  start(at: number, wire: AnswerBlock): ConversationEvent[] {
    const block = this.#read(wire);
    if (block === undefined) return [];
    const index = this.#count;
    this.#count += 1;
    this.#open.set(at, { index, kind: block.type, hasInput: false, input: wire.input });
    return [{ type: "block-start", index, block }, ...contentOf(wire, block, index)];
  }

  delta(at: number, delta: Delta): ConversationEvent[] {
    const block = this.#open.get(at);
    if (block === undefined) return [];
    const { index } = block;
    switch (delta.type) {
      case "text_delta":
        return text(index, delta.text);
      case "citations_delta":
        return [{ type: "citation", index, citation: delta.citation }];
      case "thinking_delta":
        return thinking(index, delta.thinking);
      case "signature_delta":
        return signature(index, delta.signature);
      case "input_json_delta": {
        const json = delta.partial_json ?? "";
        if (json === "" || block.kind !== "tool-use") return [];
        block.hasInput = true;
        return [{ type: "tool-input-delta", index, json }];
      }
      default:
        return [];
    }
  }

  stop(at: number): ConversationEvent[] {
    const block = this.#open.get(at);
    if (block === undefined) return [];
    this.#open.delete(at);
    const { index, kind, hasInput, input } = block;
    const stop: ConversationEvent = { type: "block-stop", index };
    if (kind !== "tool-use" || hasInput) return [stop];
    // Clients parse what they have gathered as JSON, so that a tool without arguments needs some.
    return [{ type: "tool-input-delta", index, json: JSON.stringify(input ?? {}) }, stop];
  }

  #read({ type, id, name, data }: AnswerBlock): Block | undefined {
    switch (type) {
      case "text":
        return { type: "text" };
      case "thinking":
        return { type: "thinking" };
      case "redacted_thinking":
        return { type: "redacted-thinking", data: data ?? "" };
      case "tool_use":
        return { type: "tool-use", id: id ?? "", name: this.#toolName(name ?? "") };
      default:
        return undefined;
    }
  }
}

/** What a block holds from its start: all of it in a whole answer, mostly nothing in a stream. */
function contentOf(wire: AnswerBlock, block: Block, index: number): ConversationEvent[] {
  switch (block.type) {
    case "text":
      return [
        ...text(index, wire.text),
        ...(wire.citations ?? []).map((citation) => ({
          type: "citation" as const,
          index,
          citation,
        })),
      ];
    case "thinking":
      return [...thinking(index, wire.thinking), ...signature(index, wire.signature)];
    default:
      return [];
  }
}

const text = (index: number, piece = ""): ConversationEvent[] =>
  piece === "" ? [] : [{ type: "text-delta", index, text: piece }];
const thinking = (index: number, piece = ""): ConversationEvent[] =>
  piece === "" ? [] : [{ type: "thinking-delta", index, text: piece }];
const signature = (index: number, piece = ""): ConversationEvent[] =>
  piece === "" ? [] : [{ type: "signature-delta", index, signature: piece }];
