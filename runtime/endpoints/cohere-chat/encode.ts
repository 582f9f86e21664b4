import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { ConversationEvent, ProviderError, TokenLogprob } from "../../conversation/events.ts";
import type { Usage } from "../../lib/usage.ts";
import { answerEncoder } from "../answer-encoder.ts";
import { cohereError, cohereErrorEvent } from "../cohere-family.ts";
import type { EncoderOptions, ParsedRequest } from "../endpoint.ts";
import { isForeign } from "../messages/candidates.ts";
import { EndingCollector } from "../messages/ending.ts";
import { type BlockEvent, Sequencer } from "../messages/sequencer.ts";
import { ofProvider } from "../provider-error.ts";
import type { JsonBody } from "../request-body.ts";
import { documentIds } from "./decode-documents.ts";
import { callJson, callPiece, contentPieces, told, withoutRefusals } from "./pieces.ts";
import { type Citation, citationJson, finishReason, logprobsJson, usageJson } from "./words.ts";

/** Something that is told under a number of its own: contents and calls are counted apart. */
type Told =
  | { kind: "text" | "thinking"; at: number; text: string; cited: Citation[] }
  | { kind: "call"; at: number; id: string; name: string; json: string }
  | { kind: "nothing" };

/** An answer of Cohere's chat, whole or as events. */
export function cohereChatEncoder(
  request: ParsedRequest<JsonBody>,
  options: EncoderOptions,
): ConversationEncoder {
  return answerEncoder(new Answer(request, options), options.stream);
}

class Answer {
  readonly #documentIds: readonly string[];
  readonly #sequence = new Sequencer();
  readonly #ending = new EndingCollector();
  readonly #told = new Map<number, Told>();
  readonly #citations: object[] = [];
  readonly #logprobs: TokenLogprob[] = [];
  #id: string;
  #contents = 0;
  #calls = 0;
  #begun = false;
  #usage: Usage = {};
  #error: ProviderError | undefined;

  constructor({ body }: ParsedRequest<JsonBody>, { id }: EncoderOptions) {
    this.#id = id;
    this.#documentIds = documentIds(body);
  }

  /** Notes an event; what it makes of a stream is returned. */
  take(given: ConversationEvent): Buffer[] {
    if (this.#error !== undefined || isForeign(given)) return [];
    this.#ending.take(given);
    const event = withoutRefusals(given);
    switch (event.type) {
      case "start":
        this.#id = event.id ?? this.#id;
        return [];
      case "finish":
        return this.#begin();
      case "usage":
        this.#usage = { ...this.#usage, ...event.usage };
        return [];
      case "error":
        this.#error = event.error;
        return [cohereErrorEvent(ofProvider(event.error))];
      case "end":
        return [...this.#begin(), this.#end()];
      default: {
        const events = this.#sequence.push(event);
        return events.flatMap((each) => [...this.#begin(), ...this.#block(each.event, each.index)]);
      }
    }
  }

  whole(): Buffer {
    if (this.#error !== undefined) return cohereError(ofProvider(this.#error));
    const parts = [...this.#told.values()];
    const content = parts.flatMap((each) =>
      each.kind === "text" || each.kind === "thinking"
        ? [{ type: each.kind, [each.kind]: each.text }]
        : [],
    );
    const calls = parts.flatMap((each) =>
      each.kind === "call"
        ? [callJson(each.id, each.name, each.json === "" ? "{}" : each.json)]
        : [],
    );
    const usage = usageJson(this.#usage);
    return Buffer.from(
      JSON.stringify({
        id: this.#id,
        finish_reason: finishReason(this.#ending.reason),
        message: {
          role: "assistant",
          ...(content.length === 0 ? {} : { content }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
          ...(this.#citations.length === 0 ? {} : { citations: this.#citations }),
        },
        ...(usage === undefined ? {} : { usage }),
        ...(this.#logprobs.length === 0 ? {} : { logprobs: logprobsJson(this.#logprobs) }),
      }),
    );
  }

  #begin(): Buffer[] {
    if (this.#begun) return [];
    this.#begun = true;
    const message = {
      role: "assistant",
      content: [],
      tool_plan: "",
      tool_calls: [],
      citations: [],
    };
    return [told("message-start", { id: this.#id, delta: { message } })];
  }

  #end(): Buffer {
    const usage = usageJson(this.#usage);
    const finish_reason = finishReason(this.#ending.reason);
    return told("message-end", { delta: { finish_reason, ...(usage && { usage }) } });
  }

  #block(event: BlockEvent, index: number): Buffer[] {
    if (event.type === "block-start") return this.#start(event, index);
    const open = this.#told.get(index);
    if (open === undefined || open.kind === "nothing") return [];
    switch (event.type) {
      case "text-delta":
      case "thinking-delta":
        if (open.kind === "call") return [];
        open.text += event.text;
        return this.#pieces(open.kind, open.at, event);
      case "tool-input-delta":
        if (open.kind !== "call") return [];
        open.json += event.json;
        return [callPiece(open.at, event.json)];
      case "citation":
        if (open.kind === "text") open.cited.push(event);
        return [];
      case "block-stop":
        return this.#stop(open);
      default:
        return [];
    }
  }

  #start(event: Extract<BlockEvent, { type: "block-start" }>, index: number): Buffer[] {
    const { block } = event;
    switch (block.type) {
      case "text":
      case "thinking": {
        const kind = block.type;
        const at = this.#contents++;
        this.#told.set(index, { kind, at, text: "", cited: [] });
        const content = { type: kind, [kind]: "" };
        return [told("content-start", { index: at, delta: { message: { content } } })];
      }
      case "tool-use": {
        const { id, name } = block;
        const at = this.#calls++;
        this.#told.set(index, { kind: "call", at, id, name, json: "" });
        const tool_calls = callJson(id, name, "");
        return [told("tool-call-start", { index: at, delta: { message: { tool_calls } } })];
      }
      default:
        // What only the provider that sealed it can read has no place there.
        this.#told.set(index, { kind: "nothing" });
        return [];
    }
  }

  #pieces(
    kind: "text" | "thinking",
    index: number,
    event: Extract<BlockEvent, { type: "text-delta" | "thinking-delta" }>,
  ): Buffer[] {
    const tokens = event.type === "text-delta" ? (event.logprobs ?? []) : [];
    this.#logprobs.push(...tokens);
    return contentPieces(kind, index, event.text, tokens);
  }

  #stop(open: Exclude<Told, { kind: "nothing" }>): Buffer[] {
    if (open.kind === "call") {
      // Clients parse the arguments of a call, also where it has none.
      const empty = open.json === "" ? [callPiece(open.at, "{}")] : [];
      return [...empty, told("tool-call-end", { index: open.at })];
    }
    const citations = open.cited.flatMap(
      (each) => citationJson(each, open.text, open.at, this.#documentIds) ?? [],
    );
    const first = this.#citations.length;
    this.#citations.push(...citations);
    return [
      told("content-end", { index: open.at }),
      ...citations.flatMap((each, number) => [
        told("citation-start", {
          index: first + number,
          delta: { message: { citations: each } },
        }),
        told("citation-end", { index: first + number }),
      ]),
    ];
  }
}
