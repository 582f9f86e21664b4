import type { Block, ConversationEvent, TokenLogprob } from "../../conversation/events.ts";
import { addressOf } from "../citation.ts";
import { logprobsJson } from "../logprobs.ts";
import { REDACTED } from "./reasoning-item.ts";

/** An event but for its number. `json`, where it is there, is all of its members as JSON, without braces. */
export type WireEvent = { type: string; json?: string; [member: string]: unknown };

interface OpenItem {
  at: number;
  id: string;
  kind: Block["type"];
  /** Text, arguments or reasoning so far. */
  text: string;
  name: string;
  callId: string;
  signature: string;
  data: string;
  annotations: object[];
  logprobs: TokenLogprob[];
}

/** The output of a response in the making: each block of the answer is an item of its own. */
export class OutputItems {
  readonly output: object[] = [];
  readonly #seed: string;
  readonly #encrypted: boolean;
  readonly #open = new Map<number, OpenItem>();
  #count = 0;

  /**
   * @param seed makes ids of items that are this answer's alone
   * @param encrypted the client wants what it has to send back for reasoning to be known again
   */
  constructor(seed: string, encrypted: boolean) {
    this.#seed = seed;
    this.#encrypted = encrypted;
  }

  take(event: ConversationEvent): WireEvent[] {
    switch (event.type) {
      case "block-start":
        // A response has one answer.
        return (event.candidate ?? 0) === 0 ? this.#start(event.index, event.block) : [];
      case "text-delta":
        return this.#text(event.index, event.text, event.logprobs);
      case "refusal-delta":
        return this.#delta(event.index, "response.refusal.delta", event.text, '"content_index":0,');
      case "tool-input-delta":
        return this.#delta(event.index, "response.function_call_arguments.delta", event.json);
      case "thinking-delta":
        return this.#delta(
          event.index,
          "response.reasoning_summary_text.delta",
          event.text,
          '"summary_index":0,',
        );
      case "signature-delta": {
        const item = this.#open.get(event.index);
        if (item !== undefined) item.signature += event.signature;
        return [];
      }
      case "citation":
        return this.#citation(event);
      case "block-stop":
        return this.#stop(event.index);
      default:
        return [];
    }
  }

  #start(index: number, block: Block): WireEvent[] {
    const at = this.#count;
    this.#count += 1;
    const item: OpenItem = {
      at,
      id: `${PREFIXES[block.type]}_${this.#seed}_${at}`,
      kind: block.type,
      text: "",
      name: block.type === "tool-use" ? block.name : "",
      callId: block.type === "tool-use" ? block.id : "",
      signature: "",
      data: block.type === "redacted-thinking" ? block.data : "",
      annotations: [],
      logprobs: [],
    };
    this.#open.set(index, item);
    const added = {
      type: "response.output_item.added",
      output_index: at,
      item: this.#wire(item, "in_progress"),
    };
    switch (item.kind) {
      case "text":
      case "refusal":
        return [
          added,
          {
            type: "response.content_part.added",
            ...place(item),
            content_index: 0,
            part: part(item),
          },
        ];
      case "thinking":
        return [
          added,
          {
            type: "response.reasoning_summary_part.added",
            ...place(item),
            summary_index: 0,
            part: { type: "summary_text", text: "" },
          },
        ];
      default:
        return [added];
    }
  }

  #text(index: number, delta: string, tokens: readonly TokenLogprob[] = []): WireEvent[] {
    const logprobs = tokens.length === 0 ? "[]" : this.#logprobs(index, tokens);
    const more = `"content_index":0,"logprobs":${logprobs},`;
    return this.#delta(index, "response.output_text.delta", delta, more);
  }

  /** Nearly all of a stream is such events, so that their JSON is put together from pieces. */
  #delta(index: number, type: string, delta: string, more = ""): WireEvent[] {
    const item = this.#open.get(index);
    if (item === undefined) return [];
    item.text += delta;
    const json = `"item_id":"${item.id}","output_index":${item.at},${more}"delta":${JSON.stringify(delta)}`;
    return [{ type, json }];
  }

  #logprobs(index: number, tokens: readonly TokenLogprob[]): string {
    this.#open.get(index)?.logprobs.push(...tokens);
    return JSON.stringify(tokens.map(withoutBytes));
  }

  #citation({
    index,
    citation,
    span,
  }: Extract<ConversationEvent, { type: "citation" }>): WireEvent[] {
    const item = this.#open.get(index);
    const address = addressOf(citation);
    // Citations of documents that the client itself has sent have no URL, and no place here.
    if (item === undefined || address === undefined) return [];
    const annotation = {
      type: "url_citation",
      start_index: span?.start ?? 0,
      end_index: span?.end ?? item.text.length,
      ...address,
    };
    item.annotations.push(annotation);
    return [
      {
        type: "response.output_text.annotation.added",
        ...place(item),
        content_index: 0,
        annotation_index: item.annotations.length - 1,
        annotation,
      },
    ];
  }

  #stop(index: number): WireEvent[] {
    const item = this.#open.get(index);
    if (item === undefined) return [];
    this.#open.delete(index);
    const wire = this.#wire(item, "completed");
    this.output[item.at] = wire;
    const done = { type: "response.output_item.done", output_index: item.at, item: wire };
    const { text } = item;
    switch (item.kind) {
      case "text":
      case "refusal":
        return [
          item.kind === "text"
            ? {
                type: "response.output_text.done",
                ...place(item),
                content_index: 0,
                text,
                logprobs: item.logprobs.map(withoutBytes),
              }
            : { type: "response.refusal.done", ...place(item), content_index: 0, refusal: text },
          {
            type: "response.content_part.done",
            ...place(item),
            content_index: 0,
            part: part(item),
          },
          done,
        ];
      case "tool-use":
        return [
          {
            type: "response.function_call_arguments.done",
            ...place(item),
            arguments: text,
          },
          done,
        ];
      case "thinking":
        return [
          {
            type: "response.reasoning_summary_text.done",
            ...place(item),
            summary_index: 0,
            text,
          },
          {
            type: "response.reasoning_summary_part.done",
            ...place(item),
            summary_index: 0,
            part: { type: "summary_text", text },
          },
          done,
        ];
      default:
        return [done];
    }
  }

  #wire(item: OpenItem, status: "in_progress" | "completed"): object {
    const { id, kind, text, signature, data } = item;
    switch (kind) {
      case "tool-use":
        return {
          id,
          type: "function_call",
          status,
          arguments: text,
          call_id: item.callId,
          name: item.name,
        };
      case "thinking":
      case "redacted-thinking": {
        const proof = kind === "thinking" ? signature : `${REDACTED}${data}`;
        return {
          id,
          type: "reasoning",
          summary: text === "" ? [] : [{ type: "summary_text", text }],
          ...(this.#encrypted && proof !== "" ? { encrypted_content: proof } : {}),
        };
      }
      default:
        return {
          id,
          type: "message",
          status,
          role: "assistant",
          content: status === "completed" ? [part(item)] : [],
        };
    }
  }
}

/** Events leave out the bytes of tokens, which the item has. */
const withoutBytes = ({ token, logprob, top = [] }: TokenLogprob): object => ({
  token,
  logprob,
  top_logprobs: top,
});

const PREFIXES: Readonly<Record<Block["type"], string>> = {
  text: "msg",
  refusal: "msg",
  "tool-use": "fc",
  thinking: "rs",
  "redacted-thinking": "rs",
};

const place = ({ id, at }: OpenItem): { item_id: string; output_index: number } => ({
  item_id: id,
  output_index: at,
});

const part = ({ kind, text, annotations, logprobs }: OpenItem): object =>
  kind === "refusal"
    ? { type: "refusal", refusal: text }
    : {
        type: "output_text",
        text,
        annotations: [...annotations],
        logprobs: logprobsJson(logprobs).content,
      };
