import type { ConversationEvent } from "../../conversation/events.ts";
import { addressOf } from "../citation.ts";

type Citation = Extract<ConversationEvent, { type: "citation" }>;
type Json = Record<string, unknown>;

/** Citations of one candidate: of the web as grounding, of documents by title. */
export class Groundings {
  /** The candidate's text, and where that of each block begins in it. */
  #text = "";
  readonly #starts = new Map<number, number>();
  readonly #citations: Citation[] = [];
  readonly #ends = new Map<Citation, number>();

  said(index: number, text: string): void {
    if (!this.#starts.has(index)) this.#starts.set(index, this.#text.length);
    this.#text += text;
  }

  cite(citation: Citation): void {
    this.#citations.push(citation);
    this.#ends.set(citation, this.#text.length);
  }

  /** `groundingMetadata` and `citationMetadata`, those that there are. */
  metadata(): Json {
    const chunks: Json[] = [];
    const supports: Json[] = [];
    const sources: Json[] = [];
    for (const event of this.#citations) {
      const { title, document_title } = Object(event.citation) as Json;
      const address = addressOf(event.citation);
      const segment = this.#segment(event);
      if (address !== undefined) {
        const at = chunks.push({ web: { uri: address.url, ...titled(title) } }) - 1;
        supports.push({ segment, groundingChunkIndices: [at] });
      } else {
        const { startIndex, endIndex } = segment;
        sources.push({ startIndex, endIndex, ...titled(document_title ?? title) });
      }
    }
    return {
      ...(chunks.length === 0
        ? {}
        : { groundingMetadata: { groundingChunks: chunks, groundingSupports: supports } }),
      ...(sources.length === 0 ? {} : { citationMetadata: { citations: sources } }),
    };
  }

  /** Positions are bytes of UTF-8. */
  #segment(event: Citation): { startIndex: number; endIndex: number; text: string } {
    const start = this.#starts.get(event.index) ?? 0;
    const from = start + (event.span?.start ?? 0);
    const to = event.span === undefined ? this.#ends.get(event) : start + event.span.end;
    const text = this.#text.slice(from, to);
    const startIndex = Buffer.byteLength(this.#text.slice(0, from));
    return { startIndex, endIndex: startIndex + Buffer.byteLength(text), text };
  }
}

const titled = (title: unknown): Json => (typeof title === "string" ? { title } : {});
