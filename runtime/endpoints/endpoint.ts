import type { ConversationEncoder, HeaderLookup } from "../conversation/codec.ts";
import type { Conversation } from "../conversation/conversation.ts";
import type { ErrorKind } from "../conversation/events.ts";
import type { UserError } from "../lib/errors.ts";
import type { AnyTaskEndpoint } from "../tasks/task.ts";

/** Families share a path prefix (configurable) and an error shape. */
export type EndpointFamily = "openai" | "anthropic" | "cohere" | "gemini";

/** What a provider or the gateway itself reports to the client when a request fails. */
export interface ClientError {
  status: number;
  message: string;
  /** What went wrong at a provider; each family has its own words for it. */
  kind?: ErrorKind;
  /** Machine-readable kind in the client's vocabulary; by `kind` or the status when absent. */
  type?: string;
  code?: string;
  param?: string;
}

/**
 * Where a request names its model, which is what the gateway's first filter reads: the top level of
 * a JSON body, the part `model` of a form, or the path. An endpoint whose requests stand elsewhere (the query
 * of a WebSocket's handshake, an object that an earlier request made) brings a place of its own.
 */
export type ModelPlace = "json" | "form" | "path";

/**
 * What answers say of their costs: `always` the tokens that they took, `sometimes` (by model and
 * format; costs are 0 where nothing is said), or `never`, for what vendors do not charge by tokens.
 */
export type Reporting = "always" | "sometimes" | "never";

/** What a request says outside of its body. */
export interface RequestFacts {
  /** Of the body; a form cannot be read without. */
  contentType?: string | undefined;
  /** The client's path with its query. */
  path?: string;
  headers?: HeaderLookup;
  /** As the gateway's first filter has found it; it is told to endpoints whose path names it. */
  model?: string;
}

/** A request as far as the gateway reads it. `body` keeps every field that the client sent. */
export interface ParsedRequest<Body = unknown> {
  model: string;
  stream: boolean;
  body: Body;
}

/**
 * One client-facing path: how its requests are read and how its errors and answers are written.
 * Pure. Adding an endpoint means one file that exports one of these, and one line in the registry.
 */
export interface Endpoint<Body = unknown> {
  /** Stable id, used in programs and in the `x-ai-eg-endpoint` header: `chat-completions`. */
  readonly id: string;
  readonly family: EndpointFamily;
  /** Path below the family's prefix: `/v1/chat/completions`, `/v1beta/models/{model}:countTokens`. */
  readonly path: string;
  /** Further paths to the same: of other versions of an API, and of streams. */
  readonly otherPaths?: readonly string[];
  readonly method: "GET" | "POST";
  /** `gen_ai.operation.name` in metrics: `chat`. */
  readonly operation: string;
  /** `json` when absent. */
  readonly modelIn?: ModelPlace;
  /** `always` when absent. */
  readonly usage?: Reporting;
  /** Answers may come as streams of events. */
  readonly streams?: boolean;
  /**
   * Reads a body.
   * @throws {UserError} 400 when it cannot be read, 422 when a field is wrong.
   */
  parse(raw: Buffer, facts?: RequestFacts): ParsedRequest<Body>;
  /** A complete error body in the shape that this endpoint's clients parse. */
  errorBody(error: ClientError): Buffer;
  /** An error inside a stream that has begun: the bytes of its last event. */
  errorEvent(error: ClientError, request?: ParsedRequest<Body>): Buffer;
  /** Present where the gateway answers by itself: the body of a model list. */
  readonly models?: (models: readonly ModelEntry[]) => string;
  /** Present where requests can be carried by the internal form to any conversation provider. */
  readonly conversation?: ConversationEndpoint<Body>;
  /** Present where requests can be carried by the internal form of another task. */
  readonly task?: AnyTaskEndpoint<Body>;
}

/** A model as model lists show it. `createdAt` in Unix seconds. */
export interface ModelEntry {
  id: string;
  ownedBy: string;
  createdAt: number;
}

export interface ConversationEndpoint<Body> {
  /** Client's request to the internal form. @throws {UserError} 422 with the field at fault. */
  decode(request: ParsedRequest<Body>): Conversation;
  /** Internal events to the client's response, whole or as SSE. */
  encoder(request: ParsedRequest<Body>, options: EncoderOptions): ConversationEncoder;
}

export interface EncoderOptions {
  stream: boolean;
  /** Unix seconds; the `created` field of answers whose provider has none. */
  created: number;
  /** Id of answers whose provider gives none. */
  id: string;
}

export const toClientError = (error: UserError): ClientError => ({
  status: error.status,
  message: error.message,
  ...(error.param === undefined ? {} : { param: error.param }),
});
