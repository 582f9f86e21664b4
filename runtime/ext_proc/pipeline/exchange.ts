import type { HeaderLookup } from "../../conversation/codec.ts";
import type { Usage } from "../../lib/usage.ts";

/** One attempt: the request as the provider gets it, and a reader for the provider's answer. */
export interface Exchange {
  /** The model that the provider is asked for. */
  readonly model: string;
  /** Upstream path with query. */
  readonly path: string;
  /** Request headers to set. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body to send; undefined: the client's own, untouched. */
  readonly body: Buffer | undefined;
  /** Fields of the client's request that the provider cannot be told. */
  readonly dropped: readonly string[];
  /** Called once, when the head of the provider's answer is there. */
  answer(head: AnswerHead): AnswerPipe;
}

export interface AnswerHead {
  status: number;
  headers: HeaderLookup;
  /** Unix seconds, for answers whose provider does not say when. */
  unixTime(): number;
  /** An id for answers whose provider gives none. */
  newId(): string;
  /** Bytes that may be held of an answer that has to be read whole. */
  maxBytes: number;
}

/** Carries the provider's answer to the client. Its methods do not throw. */
export interface AnswerPipe {
  /** The client gets the provider's bytes and head as they are; `push` only looks at them. */
  readonly untouched: boolean;
  /** The answer is a stream of events, so latencies of tokens can be told. */
  readonly streaming: boolean;
  /** Takes (uncompressed) bytes of the provider's body; returns what they make for the client. */
  push(chunk: Buffer): Buffer[];
  /** The provider's body has ended. */
  finish(): Buffer[];
  /** The provider's body cannot be read any further. */
  fail(error: unknown): Buffer[];
  /**
   * The head that goes with the bytes. It may still change as long as neither bytes were returned
   * nor `finish` was called.
   */
  head(): HeadEdit;
  result(): AnswerResult;
}

/** Changes to the head of the provider's answer. */
export interface HeadEdit {
  status?: number;
  contentType?: string;
  /** Seconds. */
  retryAfter?: number;
}

export interface AnswerResult {
  /** The client got at least some of what it asked for. */
  served: boolean;
  usage: Usage | undefined;
  model: string | undefined;
  /** Output tokens so far, by what was seen of the answer. */
  outputEstimate: number;
  /** What went wrong in the gateway or in the provider's bytes, for log and counters. */
  error: unknown;
}
