import type { HeaderLookup } from "../../conversation/codec.ts";
import type { AnswerPipe, Exchange } from "../pipeline/exchange.ts";
import { createInflater, type Inflater, isEncoded } from "../pipeline/inflate.ts";
import type { Lane } from "../pipeline/lane.ts";
import {
  answerMetadata,
  failureMetadata,
  progressMetadata,
  type RequestFacts,
} from "../pipeline/metadata.ts";
import { BodyMode } from "../wire/request.ts";
import type {
  BodyMutation,
  DynamicMetadata,
  HeaderMutation,
  ProcessingResponse,
} from "../wire/response.ts";
import type { Answers, SessionEnvironment } from "./session.ts";

export interface AnswerSessionOptions {
  lane: Lane;
  exchange: Exchange;
  facts: RequestFacts;
  inputEstimate: number;
  /** Of the provider's answer. */
  headers: HeaderLookup;
  bodyMode: number;
  startedAt: number;
  env: SessionEnvironment;
}

/** Time between two estimates of a stream's costs, in milliseconds. */
const PROGRESS_INTERVAL_MS = 1000;

const NO_BYTES = Buffer.alloc(0);
const NO_HEADERS: HeaderMutation = { set: [], remove: [] };

/**
 * The answer's half of an exchange. In the full duplex mode the head is held back until there are
 * bytes to go with it, so that a provider's answer that turns out to be unreadable still becomes an
 * error with a status of its own, which Envoy may retry.
 */
export class AnswerSession {
  readonly #options: AnswerSessionOptions;
  readonly #pipe: AnswerPipe;
  readonly #status: number;
  #inflater: Inflater | undefined;
  #headSent = false;
  #firstOutputAt: number | undefined;
  #lastOutputAt: number | undefined;
  #progressAt: number;
  #finished = false;
  /** What the pipe had to say before any of the body came. */
  #pending: Buffer[] | undefined;

  constructor(options: AnswerSessionOptions) {
    this.#options = options;
    const { env, headers } = options;
    this.#status = Number(headers(":status") ?? 0);
    this.#pipe = options.exchange.answer({
      status: this.#status,
      headers,
      created: env.unixTime(),
      id: env.newId(),
      maxBytes: env.maxBodyBytes,
    });
    this.#progressAt = env.now();
    const encoding = headers("content-encoding");
    if (isEncoded(encoding)) this.#startInflating(encoding);
  }

  start(endOfStream: boolean): readonly ProcessingResponse[] {
    if (endOfStream) return this.#headOnly();
    const { bodyMode } = this.#options;
    if (bodyMode === BodyMode.none) {
      return [{ answer: { kind: "response-headers" }, ...this.#lastMetadata() }];
    }
    if (bodyMode === BodyMode.fullDuplex && !this.#pipe.untouched) return [];
    this.#headSent = true;
    const wait = bodyMode === BodyMode.buffered || this.#pipe.untouched;
    return [{ answer: { kind: "response-headers", headers: wait ? NO_HEADERS : this.#head() } }];
  }

  body(chunk: Buffer, endOfStream: boolean): Answers {
    if (this.#finished) return [];
    if (this.#inflater !== undefined) return this.#inflated(this.#inflater, chunk, endOfStream);
    return this.#carried(chunk, this.#step(chunk, endOfStream), endOfStream);
  }

  /** Trailers in place of an end of the body. */
  trailers(): Answers {
    const answer: ProcessingResponse = { answer: { kind: "response-trailers" } };
    if (this.#finished) return [answer];
    const carry = (out: Buffer[]): readonly ProcessingResponse[] => [
      ...this.#carried(NO_BYTES, out, true, false),
      answer,
    ];
    if (this.#inflater === undefined) return carry(this.#pipe.finish());
    return this.#inflate(this.#inflater, NO_BYTES, true).then(carry);
  }

  close(): void {
    this.#inflater?.close();
    this.#inflater = undefined;
  }

  #startInflating(encoding: string): void {
    try {
      this.#inflater = createInflater(encoding, this.#options.env.maxBodyBytes);
    } catch (error) {
      // The pipe answers in its own way; what it returns is carried with the first bytes.
      this.#pending = this.#pipe.fail(error);
    }
  }

  #step(plain: Buffer, endOfStream: boolean): Buffer[] {
    let out = plain.length > 0 ? this.#pipe.push(plain) : [];
    if (this.#pending !== undefined) {
      out = [...this.#pending, ...out];
      this.#pending = undefined;
    }
    return endOfStream ? [...out, ...this.#pipe.finish()] : out;
  }

  async #inflated(
    inflater: Inflater,
    chunk: Buffer,
    endOfStream: boolean,
  ): Promise<readonly ProcessingResponse[]> {
    return this.#carried(chunk, await this.#inflate(inflater, chunk, endOfStream), endOfStream);
  }

  async #inflate(inflater: Inflater, chunk: Buffer, endOfStream: boolean): Promise<Buffer[]> {
    try {
      const plain = chunk.length > 0 ? await inflater.push(chunk) : NO_BYTES;
      if (!endOfStream) return this.#step(plain, false);
      const rest = await inflater.finish();
      return [...this.#step(plain, false), ...this.#step(rest, true)];
    } catch (error) {
      this.close();
      const out = this.#pipe.fail(error);
      return endOfStream ? [...out, ...this.#pipe.finish()] : out;
    }
  }

  /**
   * What goes to Envoy for a piece of the provider's body. `last`: the provider's body has ended;
   * `endOfStream`: and so does the client's, with this piece.
   */
  #carried(
    chunk: Buffer,
    out: Buffer[],
    last: boolean,
    endOfStream = last,
  ): readonly ProcessingResponse[] {
    const untouched = this.#pipe.untouched;
    const parts = untouched ? [chunk] : out;
    const nonEmpty = parts.some((part) => part.length > 0);
    const metadata = this.#metadata(nonEmpty, last);
    if (this.#options.bodyMode !== BodyMode.fullDuplex) {
      return [this.#answered(untouched ? undefined : out, metadata)];
    }
    if (!nonEmpty && !last) return [];
    const body: BodyMutation = { mode: "stream", parts, endOfStream };
    const pieces: ProcessingResponse[] = [];
    if (!this.#headSent) {
      this.#headSent = true;
      const length = last && endOfStream ? lengthOf(parts) : undefined;
      pieces.push({ answer: { kind: "response-headers", headers: this.#head(length) } });
    }
    if (nonEmpty || endOfStream)
      pieces.push({ answer: { kind: "response-body", body }, ...metadata });
    return pieces;
  }

  /** In the other modes each piece is owed one answer. */
  #answered(
    out: Buffer[] | undefined,
    metadata: { metadata?: DynamicMetadata },
  ): ProcessingResponse {
    const buffered = this.#options.bodyMode === BodyMode.buffered;
    if (out === undefined) return { answer: { kind: "response-body" }, ...metadata };
    const body = Buffer.concat(out);
    return {
      answer: {
        kind: "response-body",
        ...(buffered ? { headers: this.#head(body.length) } : {}),
        body: { mode: "replace", body },
      },
      ...metadata,
    };
  }

  /** The provider sent no body at all. */
  #headOnly(): readonly ProcessingResponse[] {
    if (!this.#pipe.untouched) this.#step(NO_BYTES, true);
    const headers = this.#pipe.untouched ? NO_HEADERS : this.#head(0);
    return [{ answer: { kind: "response-headers", headers }, ...this.#lastMetadata() }];
  }

  /** Changes to the provider's head. `length`: of the whole body, where it is known. */
  #head(length?: number): HeaderMutation {
    const { status, contentType, retryAfter } = this.#pipe.head();
    const set: [string, string][] = [];
    if (status !== undefined && status !== this.#status) set.push([":status", String(status)]);
    if (contentType !== undefined) set.push(["content-type", contentType]);
    if (retryAfter !== undefined) set.push(["retry-after", String(retryAfter)]);
    const remove = ["content-encoding"];
    if (length === undefined) remove.push("content-length");
    else set.push(["content-length", String(length)]);
    return { set, remove };
  }

  #metadata(output: boolean, last: boolean): { metadata?: DynamicMetadata } {
    const { env, lane, facts, inputEstimate } = this.#options;
    if (output && this.#pipe.streaming) {
      this.#lastOutputAt = env.now();
      this.#firstOutputAt ??= this.#lastOutputAt;
    }
    if (last) return this.#lastMetadata();
    const at = this.#lastOutputAt;
    if (at === undefined || at - this.#progressAt < PROGRESS_INTERVAL_MS) return {};
    this.#progressAt = at;
    if (!lane.program.costs?.length) return {};
    const { outputEstimate } = this.#pipe.result();
    return { metadata: progressMetadata(lane, facts, inputEstimate, outputEstimate) };
  }

  #lastMetadata(): { metadata?: DynamicMetadata } {
    this.#finished = true;
    this.close();
    const { env, lane, facts, inputEstimate, startedAt } = this.#options;
    const result = this.#pipe.result();
    if (result.error !== undefined) env.observer.answerFailed(lane.program, result.error);
    if (!result.ok && result.usage === undefined) {
      const metadata = failureMetadata(lane);
      return metadata === undefined ? {} : { metadata };
    }
    if (result.usage === undefined) env.observer.usageMissing(lane.program);
    const first = this.#firstOutputAt;
    const latencies =
      first === undefined
        ? {}
        : {
            firstTokenMs: first - startedAt,
            lastTokenMs: (this.#lastOutputAt ?? first) - startedAt,
          };
    return {
      metadata: answerMetadata(lane, facts, {
        usage: result.usage,
        responseModel: result.model,
        inputEstimate,
        outputEstimate: result.outputEstimate,
        ...latencies,
      }),
    };
  }
}

const lengthOf = (parts: readonly Buffer[]): number =>
  parts.reduce((total, part) => total + part.length, 0);
