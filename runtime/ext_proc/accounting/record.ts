import { AccessLogType } from "../../../protos/gen/envoy/data/accesslog/v3/accesslog_pb.ts";
import type { Endpoint } from "../../endpoints/endpoint.ts";
import {
  ENDPOINT_HEADER,
  LANE_HEADER,
  METADATA_NAMESPACE,
  MODEL_HEADER,
} from "../../program/names.ts";
import type { FinishedRequest, SkipReason } from "../../telemetry/finished-request.ts";
import {
  BREAKS,
  type BreakFlags,
  type LogCommon,
  type LogDuration,
  type LogEntry,
} from "./decode.ts";
import { readUsage } from "./usage.ts";

export type LogReading =
  | { kind: "request"; request: FinishedRequest }
  | { kind: "skipped"; reason: SkipReason };

/** What an entry of Envoy's access log says of a request to a provider. */
export function readLogEntry(
  entry: LogEntry,
  endpointById: (id: string) => Endpoint | undefined,
): LogReading {
  const common = entry.commonProperties;
  const headers = entry.request?.requestHeaders ?? {};
  const endpoint = endpointById(headers[ENDPOINT_HEADER] ?? "");
  if (common === undefined || endpoint === undefined || endpoint.models !== undefined) {
    return { kind: "skipped", reason: "not-ai" };
  }
  if (!isTheEnd(common.accessLogType)) return { kind: "skipped", reason: "not-the-end" };
  const tags = common.customTags;
  const provider = tags.provider;
  // Clients choose the model's name freely: without a backend it must not become a label.
  if (!provider) return { kind: "skipped", reason: "no-backend" };

  const values: Record<string, unknown> = common.metadata?.filterMetadata[METADATA_NAMESPACE] ?? {};
  const status = entry.response?.responseCode ?? 0;
  const answered = status >= 200 && status < 300;
  const succeeded = answered && !isBrokenOff(common.responseFlags);
  const usage = answered ? readUsage(values) : undefined;
  const originalModel = headers[MODEL_HEADER] || undefined;
  const streamed = /^text\/event-stream\b/i.test(
    entry.response?.responseHeaders["content-type"] ?? "",
  );
  return {
    kind: "request",
    request: {
      operation: endpoint.operation,
      provider,
      originalModel,
      requestModel: tags.model_name_override || originalModel,
      responseModel: textOf(values.response_model),
      lane: headers[LANE_HEADER] || "unknown",
      succeeded,
      duration: seconds(common.timeToLastDownstreamTxByte ?? common.duration),
      ...(answered && streamed
        ? tokenTimes(common, values, usage?.outputTokens, succeeded)
        : { timeToFirstToken: undefined, timePerOutputToken: undefined }),
      overhead: overheadOf(common),
      usage,
      usageMissing: succeeded && usage === undefined && (endpoint.usage ?? "always") === "always",
    },
  };
}

const isTheEnd = (type: number): boolean =>
  type === AccessLogType.NotSet || type === AccessLogType.DownstreamEnd;

const isBrokenOff = (flags: BreakFlags | undefined): boolean =>
  flags !== undefined && BREAKS.some(([, flag]) => flags[flag]);

/** As ext_proc measured them where it saw the tokens; else from the bytes that Envoy saw. */
function tokenTimes(
  common: LogCommon,
  values: Record<string, unknown>,
  outputTokens: number | undefined,
  succeeded: boolean,
): Pick<FinishedRequest, "timeToFirstToken" | "timePerOutputToken"> {
  const measured = milliseconds(values.token_latency_ttft);
  const timeToFirstToken = measured ?? seconds(common.timeToFirstUpstreamRxByte);
  const gaps = (outputTokens ?? 0) - 1;
  if (!succeeded || gaps < 1) return { timeToFirstToken, timePerOutputToken: undefined };
  if (measured !== undefined) {
    return { timeToFirstToken, timePerOutputToken: milliseconds(values.token_latency_itl) };
  }
  const streaming = between(common.timeToFirstUpstreamRxByte, common.timeToLastUpstreamRxByte);
  return {
    timeToFirstToken,
    timePerOutputToken: streaming === undefined ? undefined : streaming / gaps,
  };
}

/**
 * From the client's last byte to the first that the provider got, and from the provider's bytes to
 * those of the client. Between the first bytes there may be a wait for the provider, where an answer
 * is read before any of it is sent; between the last, a wait for the client: the smaller one is the
 * nearer to what the gateway adds. Of requests that were tried more than once it cannot be told,
 * since Envoy keeps the times of the last attempt alone.
 */
function overheadOf(common: LogCommon): number | undefined {
  if (common.upstreamRequestAttemptCount > 1) return undefined;
  const there = between(common.timeToLastRxByte, common.timeToFirstUpstreamTxByte);
  const first = between(common.timeToFirstUpstreamRxByte, common.timeToFirstDownstreamTxByte);
  const last = between(common.timeToLastUpstreamRxByte, common.timeToLastDownstreamTxByte);
  if (there === undefined || first === undefined || last === undefined) return undefined;
  return there + Math.min(first, last);
}

/** Seconds from one time to the other; 0 where bodies overlap and the order is the reverse. */
function between(from: LogDuration | undefined, to: LogDuration | undefined): number | undefined {
  const start = seconds(from);
  const end = seconds(to);
  return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}

const seconds = (duration: LogDuration | undefined): number | undefined =>
  duration && Number(duration.seconds) + duration.nanos / 1e9;

const milliseconds = (value: unknown): number | undefined =>
  typeof value === "number" && value >= 0 ? value / 1000 : undefined;

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
