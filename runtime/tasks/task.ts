import type { HeaderLookup, ProviderContext, ProviderRequest } from "../conversation/codec.ts";
import type { CountRequest, TokenCount } from "./count.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "./embeddings.ts";
import type { ImagesAnswer, ImagesRequest } from "./images.ts";
import type { RerankAnswer, RerankRequest } from "./rerank.ts";

/**
 * Work that is not conversation: one question, one whole answer, each task with an internal form of
 * its own. An endpoint decodes into it and encodes from it, a provider the other way round, so that
 * N inbound shapes and M providers need N + M codecs.
 */
export interface Tasks {
  embeddings: { request: EmbeddingsRequest; answer: EmbeddingsAnswer };
  rerank: { request: RerankRequest; answer: RerankAnswer };
  images: { request: ImagesRequest; answer: ImagesAnswer };
  count: { request: CountRequest; answer: TokenCount };
}

export type TaskName = keyof Tasks;

/** A provider's side of a task. Pure; may be called again for a retry with the same arguments. */
export interface TaskProvider<Name extends TaskName = TaskName> {
  /** @throws {UserError} 422 where dropping a field would change what the request means. */
  encode(request: Tasks[Name]["request"], context: ProviderContext): ProviderRequest;
  /** Reads a whole 2xx answer. @throws {UserError} 502 when it cannot be read. */
  decode(
    body: Buffer,
    request: Tasks[Name]["request"],
    headers: HeaderLookup,
  ): Tasks[Name]["answer"];
}

export type TaskProviders = { readonly [Name in TaskName]?: TaskProvider<Name> };

/** An endpoint's side of a task. Pure. `Body` is what the endpoint parses requests into. */
export interface TaskEndpoint<Body = unknown, Name extends TaskName = TaskName> {
  readonly name: Name;
  /** @throws {UserError} 422 with the field at fault. */
  decode(request: { model: string; stream: boolean; body: Body }): Tasks[Name]["request"];
  /** The client's answer, in JSON. */
  encode(
    answer: Tasks[Name]["answer"],
    request: Tasks[Name]["request"],
    options: TaskEncoding,
  ): unknown;
}

export type AnyTaskEndpoint<Body> = { [Name in TaskName]: TaskEndpoint<Body, Name> }[TaskName];

export interface TaskEncoding {
  /** Unix seconds. */
  created: number;
  /** Of answers whose provider gives none. */
  id: string;
}
