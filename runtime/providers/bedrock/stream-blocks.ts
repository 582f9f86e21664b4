import type { Block, ConversationEvent } from "../../conversation/events.ts";
import type { StreamEvent } from "../../schemas/bedrock/response.ts";
import { toAnthropicCitation } from "./citations.ts";

type Kind = Block["type"] | "ignored";

interface OpenBlock {
  /** In the client's answer; -1 for blocks that do not get there. */
  index: number;
  kind: Kind;
  /** Tool uses: whether any input has come. */
  hasInput: boolean;
}

/**
 * The content blocks of a stream. Bedrock announces only tool uses; what another block is shows in
 * its first delta. Blocks that clients have no use for are left out, and the rest numbered anew.
 */
export class StreamBlocks {
  readonly #toolName: (wireName: string) => string;
  readonly #open = new Map<number, OpenBlock>();
  /** Redacted thinking comes in pieces, but is one opaque datum to clients. */
  readonly #redacted = new Map<number, Buffer[]>();
  #count = 0;

  constructor(toolName: (wireName: string) => string) {
    this.#toolName = toolName;
  }

  start({ contentBlockIndex, start }: StreamEvent<"contentBlockStart">): ConversationEvent[] {
    const { toolUse } = start;
    // A type marks a call that Bedrock itself carries out; its result is no text either.
    if (toolUse?.type !== undefined || (toolUse === undefined && Object.keys(start).length > 0)) {
      this.#open.set(contentBlockIndex, { index: -1, kind: "ignored", hasInput: false });
      return [];
    }
    if (toolUse === undefined) return [];
    const { toolUseId: id, name } = toolUse;
    return this.#begin(contentBlockIndex, { type: "tool-use", id, name: this.#toolName(name) })
      .events;
  }

  delta({ contentBlockIndex: at, delta }: StreamEvent<"contentBlockDelta">): ConversationEvent[] {
    const { text, toolUse, reasoningContent, citation } = delta;
    if (text !== undefined) {
      return this.#into(at, { type: "text" }, (index) => ({ type: "text-delta", index, text }));
    }
    if (toolUse !== undefined) return this.#toolInput(at, toolUse.input);
    if (citation !== undefined) {
      return this.#into(at, { type: "text" }, (index) => ({
        type: "citation",
        index,
        citation: toAnthropicCitation(citation),
      }));
    }
    if (reasoningContent === undefined) return [];
    const { text: thinking, signature, redactedContent } = reasoningContent;
    if (redactedContent !== undefined) {
      const pieces = this.#redacted.get(at) ?? [];
      pieces.push(Buffer.from(redactedContent, "base64"));
      this.#redacted.set(at, pieces);
      return [];
    }
    if (signature !== undefined) {
      return this.#into(at, { type: "thinking" }, (index) => ({
        type: "signature-delta",
        index,
        signature,
      }));
    }
    return this.#into(at, { type: "thinking" }, (index) => ({
      type: "thinking-delta",
      index,
      text: thinking ?? "",
    }));
  }

  stop({ contentBlockIndex: at }: StreamEvent<"contentBlockStop">): ConversationEvent[] {
    const events = [...this.#close(at), ...this.#flushRedacted(at)];
    this.#open.delete(at);
    return events;
  }

  #close(at: number): ConversationEvent[] {
    const block = this.#open.get(at);
    if (block === undefined || block.kind === "ignored") return [];
    const { index } = block;
    const events: ConversationEvent[] = [{ type: "block-stop", index }];
    // A tool without arguments streams none, but clients parse what they have gathered as JSON.
    if (block.kind === "tool-use" && !block.hasInput) {
      events.unshift({ type: "tool-input-delta", index, json: "{}" });
    }
    return events;
  }

  #flushRedacted(at: number): ConversationEvent[] {
    const pieces = this.#redacted.get(at);
    if (pieces === undefined) return [];
    this.#redacted.delete(at);
    const data = Buffer.concat(pieces).toString("base64");
    const { index, events } = this.#begin(at, { type: "redacted-thinking", data });
    return [...events, { type: "block-stop", index }];
  }

  #toolInput(at: number, json: string): ConversationEvent[] {
    const block = this.#open.get(at);
    if (block?.kind !== "tool-use" || json === "") return [];
    block.hasInput = true;
    return [{ type: "tool-input-delta", index: block.index, json }];
  }

  /** A delta for the block at this place, which begins with it if it has not begun. */
  #into(
    at: number,
    block: Block,
    event: (index: number) => ConversationEvent,
  ): ConversationEvent[] {
    const open = this.#open.get(at);
    if (open?.kind === "ignored") return [];
    if (open !== undefined) return open.kind === block.type ? [event(open.index)] : [];
    const { index, events } = this.#begin(at, block);
    return [...events, event(index)];
  }

  #begin(at: number, block: Block): { index: number; events: ConversationEvent[] } {
    const index = this.#count;
    this.#count += 1;
    this.#open.set(at, { index, kind: block.type, hasInput: false });
    return { index, events: [{ type: "block-start", index, block }] };
  }
}
