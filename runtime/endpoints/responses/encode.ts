import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { sseEvent } from "../../lib/sse.ts";
import type { EncoderOptions, ParsedRequest } from "../endpoint.ts";
import type { JsonBody } from "../request-body.ts";
import { OutputItems, type WireEvent } from "./items.ts";
import { responseObject } from "./response.ts";
import { usageJson } from "./usage.ts";

/** A response, whole or as its full sequence of events, which ends with the whole. */
export const responsesEncoder = (
  request: ParsedRequest<JsonBody>,
  options: EncoderOptions,
): ConversationEncoder => new ResponsesEncoder(request, options);

class ResponsesEncoder implements ConversationEncoder {
  readonly contentType: string;
  readonly #request: ParsedRequest<JsonBody>;
  readonly #options: EncoderOptions;
  readonly #items: OutputItems;
  #number = 0;
  #id: string;
  #created: number;
  #model: string;
  #reason: string | undefined;
  #usage: Record<string, unknown> | undefined;
  #counts = {};

  constructor(request: ParsedRequest<JsonBody>, options: EncoderOptions) {
    this.contentType = options.stream ? "text/event-stream" : "application/json";
    this.#request = request;
    this.#options = options;
    this.#id = responseId(options.id);
    this.#created = options.created;
    this.#model = request.model;
    this.#items = new OutputItems(options.id, wantsEncrypted(request.body));
  }

  push(event: ConversationEvent): Buffer[] {
    switch (event.type) {
      case "start":
        this.#id = event.id === undefined ? this.#id : responseId(event.id);
        this.#created = event.created ?? this.#created;
        this.#model = event.model ?? this.#model;
        return this.#events([
          { type: "response.created", response: this.#response("in_progress") },
          { type: "response.in_progress", response: this.#response("in_progress") },
        ]);
      case "finish":
        if ((event.candidate ?? 0) === 0) this.#reason = event.reason;
        return [];
      case "usage":
        this.#counts = { ...this.#counts, ...event.usage };
        this.#usage = usageJson(this.#counts);
        return [];
      default:
        return this.#events(this.#items.take(event));
    }
  }

  finish(): Buffer[] {
    const incomplete = INCOMPLETE[this.#reason ?? ""] !== undefined;
    const status = incomplete ? "incomplete" : this.#reason === "error" ? "failed" : "completed";
    const response = this.#response(status);
    if (!this.#options.stream) return [Buffer.from(JSON.stringify(response))];
    return this.#events([{ type: `response.${status}`, response }]);
  }

  #response(status: string): Record<string, unknown> {
    return responseObject(this.#request.body, {
      id: this.#id,
      created: this.#created,
      model: this.#model,
      status,
      output: this.#items.output,
      usage: this.#usage,
      incomplete: INCOMPLETE[this.#reason ?? ""],
    });
  }

  #events(events: readonly WireEvent[]): Buffer[] {
    return this.#options.stream ? events.map((event) => this.#write(event)) : [];
  }

  #write(event: WireEvent): Buffer {
    const { type, json = membersOf(event) } = event;
    const data = `{"type":"${type}","sequence_number":${this.#number},${json}}`;
    this.#number += 1;
    return sseEvent(data, type);
  }
}

const membersOf = ({ type: _, ...members }: WireEvent): string =>
  JSON.stringify(members).slice(1, -1);

/** Why an answer is not whole, in OpenAI's words. */
const INCOMPLETE: Readonly<Record<string, string>> = {
  length: "max_output_tokens",
  "context-window": "max_output_tokens",
  "content-filter": "content_filter",
};

const responseId = (id: string): string => (id.startsWith("resp_") ? id : `resp_${id}`);

function wantsEncrypted({ include }: JsonBody): boolean {
  return Array.isArray(include) && include.includes("reasoning.encrypted_content");
}
