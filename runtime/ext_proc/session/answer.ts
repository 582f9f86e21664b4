import type { HeaderLookup } from "../../conversation/codec.ts";
import type { Usage } from "../../lib/usage.ts";
import type { AnswerPipe, AnswerResult, Exchange } from "../pipeline/exchange.ts";
import { createInflater, type Inflater, isEncoded } from "../pipeline/inflate.ts";
import type { Lane } from "../pipeline/lane.ts";
import type { AnswerFacts, AttemptMetadata } from "../pipeline/metadata.ts";
import { BodyMode } from "../wire/request.ts";
import type {
  BodyMutation,
  DynamicMetadata,
  HeaderMutation,
  ProcessingResponse,
} from "../wire/response.ts";
import type { Answers, SessionEnvironment } from "./environment.ts";

export interface AnswerSessionOptions {
  lane: Lane;
  exchange: Exchange;
  metadata: AttemptMetadata;
  /** Of the provider's answer. */
  headers: HeaderLookup;
  bodyMode: number;
  startedAt: number;
  env: SessionEnvironment;
}

/** Time between two estimates of a stream's costs, in milliseconds. */
const PROGRESS_INTERVAL_MS = 1000;

const NO_BYTES = Buffer.alloc(0);

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
  /** Usage that Envoy was told of. */
  #told: Usage | undefined;
  /** What the pipe had to say before any of the body came. */
  #pending: Buffer[] | undefined;

  constructor(options: AnswerSessionOptions) {
    this.#options = options;
    const { env, headers } = options;
    this.#status = Number(headers(":status") ?? 0);
    this.#pipe = options.exchange.answer({
      status: this.#status,
      headers,
      unixTime: env.unixTime,
      newId: env.newId,
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
    if (this.#pipe.untouched) {
      this.#headSent = true;
      return [{ answer: { kind: "response-headers" } }];
    }
    if (bodyMode === BodyMode.fullDuplex) return [];
    this.#headSent = true;
    return [{ answer: { kind: "response-headers", headers: this.#head() } }];
  }

  body(chunk: Buffer, endOfStream: boolean): Answers {
    if (this.#finished) return [];
    if (this.#inflater !== undefined) return this.#inflated(this.#inflater, chunk, endOfStream);
    return this.#bodyAnswers(chunk, this.#step(chunk, endOfStream), endOfStream);
  }

  /** Trailers in place of an end of the body. */
  trailers(): Answers {
    if (this.#finished) return [{ answer: { kind: "response-trailers" } }];
    if (this.#inflater === undefined) return this.#trailerAnswers(this.#step(NO_BYTES, true));
    return this.#inflate(this.#inflater, NO_BYTES, true).then((out) => this.#trailerAnswers(out));
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
    const out = await this.#inflate(inflater, chunk, endOfStream);
    return this.#bodyAnswers(chunk, out, endOfStream);
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

  /** What Envoy is told for a piece of the provider's body, or at its end. */
  #bodyAnswers(
    chunk: Buffer,
    out: readonly Buffer[],
    endOfStream: boolean,
  ): readonly ProcessingResponse[] {
    const { untouched } = this.#pipe;
    const parts = untouched ? [chunk] : out;
    const output = parts.some((part) => part.length > 0);
    const duplex = this.#options.bodyMode === BodyMode.fullDuplex;
    if (duplex && !output && !endOfStream) return [];
    const metadata = this.#metadata(output, endOfStream);
    if (!duplex) {
      // Here each piece is owed one answer.
      const body = untouched
        ? {}
        : { body: { mode: "replace" as const, body: Buffer.concat(out) } };
      return [{ answer: { kind: "response-body", ...body }, ...metadata }];
    }
    const body: BodyMutation = { mode: "stream", parts, endOfStream };
    return this.#afterHead({ answer: { kind: "response-body", body }, ...metadata });
  }

  #trailerAnswers(out: readonly Buffer[]): readonly ProcessingResponse[] {
    const output = out.some((part) => part.length > 0);
    const trailers: ProcessingResponse = {
      answer: { kind: "response-trailers" },
      ...this.#metadata(output, true),
    };
    if (!output || this.#options.bodyMode !== BodyMode.fullDuplex) return this.#afterHead(trailers);
    const body: BodyMutation = { mode: "stream", parts: out, endOfStream: false };
    return [...this.#afterHead({ answer: { kind: "response-body", body } }), trailers];
  }

  /** The head goes first, where it has been held back. */
  #afterHead(response: ProcessingResponse): readonly ProcessingResponse[] {
    if (this.#headSent) return [response];
    this.#headSent = true;
    return [{ answer: { kind: "response-headers", headers: this.#head() } }, response];
  }

  /**
   * The provider sent no body at all, and Envoy takes none for such an answer. What is left is the
   * status, on which a retry may depend.
   */
  #headOnly(): readonly ProcessingResponse[] {
    this.#headSent = true;
    if (!this.#pipe.untouched) this.#step(NO_BYTES, true);
    const { status } = this.#pipe.head();
    const set = status === undefined || status === this.#status ? [] : [statusHeader(status)];
    return [
      {
        answer: { kind: "response-headers", headers: { set, remove: [] } },
        ...this.#lastMetadata(),
      },
    ];
  }

  /** Changes to the provider's head; Envoy counts the length of the new body itself. */
  #head(): HeaderMutation {
    const { status, contentType, retryAfter } = this.#pipe.head();
    const set: [string, string][] = [];
    if (status !== undefined && status !== this.#status) set.push(statusHeader(status));
    if (contentType !== undefined) set.push(["content-type", contentType]);
    if (retryAfter !== undefined) set.push(["retry-after", String(retryAfter)]);
    return { set, remove: BODY_HEADERS };
  }

  #metadata(output: boolean, last: boolean): { metadata?: DynamicMetadata } {
    const { env, metadata } = this.#options;
    if (output && this.#pipe.streaming) {
      this.#lastOutputAt = env.now();
      this.#firstOutputAt ??= this.#lastOutputAt;
    }
    if (last) return this.#lastMetadata();
    const result = this.#pipe.result();
    if (result.served && result.usage !== undefined && result.usage !== this.#told) {
      // Clients leave when they have read the last event, before the stream has ended.
      this.#told = result.usage;
      return { metadata: metadata.answer(this.#facts(result)) };
    }
    const at = this.#lastOutputAt;
    if (at === undefined || at - this.#progressAt < PROGRESS_INTERVAL_MS) return {};
    this.#progressAt = at;
    return some(metadata.progress(result.outputEstimate));
  }

  #lastMetadata(): { metadata?: DynamicMetadata } {
    this.#finished = true;
    this.close();
    const { env, lane, metadata } = this.#options;
    const result = this.#pipe.result();
    const { served, usage, error } = result;
    if (error !== undefined) env.observer.answerFailed(lane.program, error);
    if (!served) return some(metadata.failure());
    if (usage === undefined && (lane.endpoint.usage ?? "always") === "always") {
      env.observer.usageMissing(lane.program);
    }
    return { metadata: metadata.answer(this.#facts(result)) };
  }

  #facts({ usage, model, outputEstimate }: AnswerResult): AnswerFacts {
    const { startedAt } = this.#options;
    const since = (at: number | undefined) => (at === undefined ? undefined : at - startedAt);
    return {
      usage,
      responseModel: model,
      outputEstimate,
      firstTokenMs: since(this.#firstOutputAt),
      lastTokenMs: since(this.#lastOutputAt),
    };
  }
}

const some = (metadata: DynamicMetadata | undefined): { metadata?: DynamicMetadata } =>
  metadata === undefined ? {} : { metadata };

const statusHeader = (status: number): [string, string] => [":status", String(status)];

/** Headers that speak of the provider's bytes. */
const BODY_HEADERS = ["content-length", "content-encoding"];
