import type { ConversationProvider, HeaderLookup, ProviderContext } from "../conversation/codec.ts";
import type { ProviderError } from "../conversation/events.ts";
import type { ObjectEdit } from "../lib/json-splice.ts";
import type { Transducer } from "../lib/transducer.ts";
import type { Usage, UsageField } from "../lib/usage.ts";
import type { TaskProviders } from "../tasks/task.ts";

/** A same-protocol pair: bytes are forwarded, only path, model and usage are touched. */
export interface Passthrough {
  /**
   * Upstream path with query for this endpoint; `model` is the one to ask for. Protocols that stream
   * at another path have a wrapping: where Envoy does everything, it does not know of streams.
   */
  path(context: ProviderContext, model: string, stream: boolean): string;
  /** Reads usage and model out of an answer while its bytes go by untouched. */
  observer(stream: boolean): UsageObserver;
  /**
   * Where Envoy itself finds usage in this protocol's answers, so that no ext_proc is needed.
   * Selectors are paths of object keys; `json` for whole answers, `sse` for events of a stream.
   */
  readonly nativeUsage: NativeUsage;
  /** Headers that the provider demands and a client may leave out: `anthropic-version`. */
  readonly defaultHeaders?: Readonly<Record<string, string>>;
  /** True where a stream reports usage only if the request sets `stream_options.include_usage`. */
  readonly streamUsageOption?: boolean;
  /** Present where the client's protocol travels in another wrapping, which ext_proc changes. */
  readonly wrapping?: Wrapping;
}

/** The client's protocol as somebody else than its inventor takes it. */
export interface Wrapping {
  /** Edits of the top level of the client's body; `headers` are the client's. */
  request(context: ProviderContext, headers: HeaderLookup): ObjectEdit;
  /** From the provider's streamed bytes to the client's; absent where they are the same. */
  stream?(): Transducer<Buffer, Buffer>;
}

export interface UsageObserver {
  /** Looks at the next bytes; never changes them. */
  push(chunk: Buffer): void;
  finish(): void;
  usage(): Usage | undefined;
  /** Model that answered, as the provider names it. */
  model(): string | undefined;
}

/** Field to selector; a field missing here cannot be read natively (a sum, say). */
export interface NativeUsage {
  /** What answers of this protocol never count: costs of these are 0. */
  zero?: readonly UsageField[];
  json: Partial<Record<UsageField, readonly string[]>>;
  sse: Partial<Record<UsageField, readonly string[]>>;
}

/** What the compiler, the API and the docs need to know of a provider, without its code. */
export interface ProviderMeta {
  /** `spec.schema.name` of AIServiceBackend. */
  readonly schema: string;
  /** `gen_ai.provider.name`. */
  readonly otelName: string;
  /** Prefix used when the backend sets none. */
  readonly defaultPrefix: string;
}

/**
 * A provider: its meta and what it can do for which endpoint. An endpoint is served when it is in
 * `passthrough` (same protocol), or when both sides speak conversation or the endpoint's task.
 */
export interface Provider {
  readonly meta: ProviderMeta;
  /** By endpoint id. */
  readonly passthrough: Readonly<Record<string, Passthrough>>;
  readonly conversation?: ConversationProvider;
  /** Its side of each task that it can do for clients of other protocols. */
  readonly tasks?: TaskProviders;
  /** Reads the provider's own error body. */
  error(status: number, headers: HeaderLookup, body: Buffer): ProviderError;
}
