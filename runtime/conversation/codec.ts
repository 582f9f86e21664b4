import type { Transducer } from "../lib/transducer.ts";
import type { Conversation } from "./conversation.ts";
import type { ConversationEvent, ProviderError } from "./events.ts";

/** Turns internal events into the bytes of the client's response. */
export interface ConversationEncoder extends Transducer<ConversationEvent, Buffer> {
  /** `application/json` or `text/event-stream`. */
  readonly contentType: string;
}

/** What of a target differs from backend to backend and from request to request. */
export interface ProviderContext {
  /** Path prefix of OpenAI- and Anthropic-like servers, without slashes at the ends. */
  prefix: string;
  /** API version, for those that put one into path, query or body. */
  version?: string;
}

/** A request as a provider wants it. Credentials and hosts are Envoy's business. */
export interface ProviderRequest {
  /** Path with query. */
  path: string;
  body: Buffer;
  headers: [name: string, value: string][];
  /** What of the client's request this provider cannot be told; each is logged and counted. */
  dropped: string[];
}

/**
 * The side of a provider that carries generation requests: internal form to wire, wire to internal
 * events. Pure; may be called again for a retry with the same arguments.
 */
export interface ConversationProvider {
  /** @throws {UserError} 422 where dropping a field would change what the request means. */
  encode(conversation: Conversation, context: ProviderContext): ProviderRequest;
  /** Decodes a 2xx answer to a request that was streamed or not. */
  decoder(conversation: Conversation): Transducer<Buffer, ConversationEvent>;
  /** Reads an answer with an error status. */
  error(status: number, headers: HeaderLookup, body: Buffer): ProviderError;
}

/** Header names in lower case; the first value of each. */
export type HeaderLookup = (name: string) => string | undefined;
