import type { DetailedUsage } from "../lib/usage.ts";

/**
 * The internal form of an answer. A provider's decoder emits these whether the answer came whole or
 * streamed (a whole one is a stream whose blocks arrive in one delta each), and an endpoint's
 * encoder turns them into the client's JSON or SSE.
 *
 * Order: `start`, then blocks (each `block-start`, deltas, `block-stop`; blocks may interleave by
 * `index`), then `finish`, `usage` at any time (later counts replace earlier ones field by field),
 * then `end`. After `error` nothing follows.
 */
export type ConversationEvent =
  | { type: "start"; id?: string; model?: string; created?: number }
  | { type: "block-start"; index: number; candidate?: number; block: Block }
  | { type: "text-delta"; index: number; text: string; logprobs?: TokenLogprob[] }
  | { type: "tool-input-delta"; index: number; json: string }
  | { type: "thinking-delta"; index: number; text: string }
  | { type: "signature-delta"; index: number; signature: string }
  | { type: "citation"; index: number; citation: unknown; span?: TextSpan }
  | { type: "refusal-delta"; index: number; text: string }
  | { type: "block-stop"; index: number }
  | { type: "finish"; candidate?: number; reason: FinishReason; stopSequence?: string }
  | { type: "usage"; usage: DetailedUsage }
  | { type: "error"; error: ProviderError }
  | { type: "end" };

/** How likely a token of the text was, and what else might have stood there. */
export interface TokenLogprob extends LikelyToken {
  top?: LikelyToken[];
}

export interface LikelyToken {
  token: string;
  /** Natural logarithm. */
  logprob: number;
}

/** Characters of a block's text, the end not included. */
export interface TextSpan {
  start: number;
  end: number;
}

export type Block =
  | { type: "text" }
  | { type: "tool-use"; id: string; name: string }
  | { type: "thinking" }
  | { type: "redacted-thinking"; data: string }
  | { type: "refusal" };

export type FinishReason =
  | "stop"
  | "stop-sequence"
  | "length"
  | "tool-use"
  | "content-filter"
  | "refusal"
  | "context-window"
  | "pause"
  | "error";

/** A provider's error, stripped of the provider's shape. */
export interface ProviderError {
  /** HTTP status for the client; 0 in the middle of a stream. */
  status: number;
  message: string;
  /** Normalised kind; endpoints map it to their own vocabulary. */
  kind: ErrorKind;
  /** Seconds, from `Retry-After` or the body. */
  retryAfter?: number;
}

export type ErrorKind =
  | "invalid-request"
  | "authentication"
  | "permission"
  | "not-found"
  | "too-large"
  | "rate-limit"
  | "context-window"
  | "content-filter"
  | "overloaded"
  | "timeout"
  | "server";
