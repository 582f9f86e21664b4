import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { Block, ConversationEvent } from "../../conversation/events.ts";
import { sseEvent } from "../../lib/sse.ts";
import type { Usage } from "../../lib/usage.ts";
import { anthropicErrorEvent } from "../anthropic-family.ts";
import type { EncoderOptions } from "../endpoint.ts";
import { ofProvider } from "../provider-error.ts";
import { isForeign } from "./candidates.ts";
import { CALLER, EndingCollector } from "./ending.ts";
import { Sequencer } from "./sequencer.ts";
import { encodeMessageUsage, encodeUsage } from "./usage.ts";

/** Writes an answer as the events of Anthropic's streams. */
export function streamEncoder(model: string, { id }: EncoderOptions): ConversationEncoder {
  const message = new StreamedMessage(model, id);
  return {
    contentType: "text/event-stream",
    push: (event) => message.push(event),
    finish: () => message.finish(),
  };
}

class StreamedMessage {
  #id: string;
  #model: string;
  #usage: Usage = {};
  #begun = false;
  #ended = false;
  readonly #ending = new EndingCollector();
  readonly #sequencer = new Sequencer();

  constructor(model: string, id: string) {
    this.#model = model;
    this.#id = id;
  }

  push(event: ConversationEvent): Buffer[] {
    if (this.#ended || isForeign(event)) return [];
    this.#ending.take(event);
    switch (event.type) {
      case "start":
        this.#id = event.id ?? this.#id;
        this.#model = event.model ?? this.#model;
        return [];
      case "usage": {
        this.#usage = { ...this.#usage, ...event.usage };
        // Providers that count the input ahead do so right after the start, which waits for it.
        return this.#begin();
      }
      case "finish":
        return this.#begin();
      case "error":
        this.#ended = true;
        return [anthropicErrorEvent(ofProvider(event.error))];
      case "end":
        return this.#end();
      default: {
        const ordered = this.#sequencer.push(event);
        const written = ordered.flatMap(({ event: inner, index }) => writeBlockEvent(inner, index));
        return written.length === 0 ? [] : [...this.#begin(), ...written];
      }
    }
  }

  finish(): Buffer[] {
    if (this.#ended) return [];
    this.#ended = true;
    const message = "the provider's answer ended before it was complete";
    return [anthropicErrorEvent(ofProvider({ status: 0, kind: "server", message }))];
  }

  #begin(): Buffer[] {
    if (this.#begun) return [];
    this.#begun = true;
    const message = {
      id: this.#id,
      type: "message",
      role: "assistant",
      model: this.#model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: encodeMessageUsage(this.#usage),
    };
    return [write({ type: "message_start", message })];
  }

  #end(): Buffer[] {
    this.#ended = true;
    return [
      ...this.#begin(),
      write({
        type: "message_delta",
        delta: { ...this.#ending.ending(), container: null },
        usage: encodeUsage(this.#usage),
      }),
      write({ type: "message_stop" }),
    ];
  }
}

const write = (event: { type: string; [field: string]: unknown }): Buffer =>
  sseEvent(JSON.stringify(event), event.type);

function writeBlockEvent(
  event: Extract<ConversationEvent, { index: number }>,
  index: number,
): Buffer[] {
  const delta = (type: string, name: string, value: unknown): Buffer[] => [
    sseEvent(
      `{"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${name}":${JSON.stringify(value ?? null)}}}`,
      "content_block_delta",
    ),
  ];
  switch (event.type) {
    case "block-start":
      return [
        write({
          type: "content_block_start",
          index,
          content_block: emptyBlock(event.block),
        }),
      ];
    case "text-delta":
      return delta("text_delta", "text", event.text);
    case "tool-input-delta":
      return delta("input_json_delta", "partial_json", event.json);
    case "thinking-delta":
      return delta("thinking_delta", "thinking", event.text);
    case "signature-delta":
      return delta("signature_delta", "signature", event.signature);
    case "citation":
      return delta("citations_delta", "citation", event.citation);
    case "block-stop":
      return [write({ type: "content_block_stop", index })];
    case "refusal-delta":
      return [];
  }
}

function emptyBlock(block: Block): Record<string, unknown> {
  switch (block.type) {
    case "text":
      return { type: "text", text: "", citations: null };
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
    case "redacted-thinking":
      return { type: "redacted_thinking", data: block.data };
    case "tool-use":
      return { type: "tool_use", id: block.id, name: block.name, input: {}, caller: CALLER };
    case "refusal":
      return {};
  }
}
