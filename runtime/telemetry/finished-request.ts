import type { Usage } from "../lib/usage.ts";

/** A request to a provider, over and done; durations in seconds. */
export interface FinishedRequest {
  /** `gen_ai.operation.name`: `chat`. */
  operation: string;
  /** `gen_ai.provider.name` of who answered: `aws.bedrock`. */
  provider: string;
  /** As the client asked. */
  originalModel: string | undefined;
  /** As the provider was asked. */
  requestModel: string | undefined;
  /** As the provider says that it answered. */
  responseModel: string | undefined;
  /** `native` or `translated`. */
  lane: string;
  /** A 2xx answer that reached its end. */
  succeeded: boolean;
  duration: number | undefined;
  /** Streams only. */
  timeToFirstToken: number | undefined;
  /** Streams of at least two tokens only: mean time between two. */
  timePerOutputToken: number | undefined;
  /** Time that the gateway itself added. */
  overhead: number | undefined;
  /** Undefined where nothing was spent or nothing is known of it. */
  usage: Usage | undefined;
  /** A 2xx answer that told no usage. */
  usageMissing: boolean;
}

/** Why an access log entry is no finished request to a provider. */
export type SkipReason = "not-ai" | "no-backend" | "not-the-end" | "unreadable";

/** Takes account of requests as they finish. Must not throw. */
export interface Recorder {
  finished(request: FinishedRequest): void;
  skipped(reason: SkipReason): void;
}
