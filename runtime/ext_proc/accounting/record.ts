import type { Endpoint } from "../../endpoints/endpoint.ts";
import type { FinishedLine, FinishedTimes } from "../../program/finished-line.ts";
import type { FinishedRequest, SkipReason } from "../../telemetry/finished-request.ts";
import { usageOf } from "./usage.ts";

export type LogReading =
  | { kind: "request"; request: FinishedRequest }
  | { kind: "skipped"; reason: SkipReason };

/** What a line of Envoy's access log says of a request to a provider. */
export function recordOf(
  line: FinishedLine | undefined,
  endpointById: (id: string) => Endpoint | undefined,
): LogReading {
  if (line === undefined) return { kind: "skipped", reason: "unreadable" };
  const { times, reading, provider, status } = line;
  const endpoint = endpointById(line.endpoint ?? "");
  if (endpoint === undefined || endpoint.models !== undefined) {
    return { kind: "skipped", reason: "not-ai" };
  }
  if (line.logType !== THE_END && line.logType !== undefined) {
    return { kind: "skipped", reason: "not-the-end" };
  }
  // Clients choose the model's name freely: without a backend it must not become a label.
  if (provider === undefined) return { kind: "skipped", reason: "no-backend" };

  const answered = status >= 200 && status < 300;
  const succeeded = answered && !line.flags.some((flag) => BREAKS.has(flag));
  const usage = answered ? usageOf(reading) : undefined;
  const streamed = /^text\/event-stream\b/i.test(line.contentType);
  return {
    kind: "request",
    request: {
      operation: endpoint.operation,
      provider,
      originalModel: line.model,
      requestModel: line.modelNameOverride ?? line.model,
      responseModel: reading.model,
      lane: line.lane ?? "unknown",
      succeeded,
      duration: times.done,
      ...(answered && streamed
        ? tokenTimes(line, usage?.outputTokens, succeeded)
        : { timeToFirstToken: undefined, timePerOutputToken: undefined }),
      overhead: overheadOf(line),
      usage,
      usageMissing: succeeded && usage === undefined && (endpoint.usage ?? "always") === "always",
    },
  };
}

const THE_END = "DownstreamEnd";

/** Flags of an answer that did not reach its end, though its status may be 200. */
const BREAKS: ReadonlySet<string> = new Set([
  "UT",
  "LR",
  "UR",
  "UC",
  "DC",
  "SI",
  "DPE",
  "UMSDR",
  "DT",
  "UPE",
  "OM",
  "DR",
]);

/** As ext_proc measured them where it saw the tokens; else from the bytes that Envoy saw. */
function tokenTimes(
  { times, reading }: FinishedLine,
  outputTokens: number | undefined,
  succeeded: boolean,
): Pick<FinishedRequest, "timeToFirstToken" | "timePerOutputToken"> {
  const { firstToken, betweenTokens } = reading;
  const timeToFirstToken = firstToken === undefined ? times.answered : firstToken / 1000;
  const gaps = (outputTokens ?? 0) - 1;
  if (!succeeded || gaps < 1) return { timeToFirstToken, timePerOutputToken: undefined };
  if (firstToken !== undefined) {
    return {
      timeToFirstToken,
      timePerOutputToken: betweenTokens === undefined ? undefined : betweenTokens / 1000,
    };
  }
  const streaming = between(times, "answered", "answeredWhole");
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
function overheadOf({ times, attempts }: FinishedLine): number | undefined {
  if (attempts > 1) return undefined;
  const there = between(times, "received", "sent");
  const first = between(times, "answered", "returned");
  const last = between(times, "answeredWhole", "done");
  if (there === undefined || first === undefined || last === undefined) return undefined;
  return there + Math.min(first, last);
}

/** Seconds from one time to the other; 0 where bodies overlap and the order is the reverse. */
function between(
  times: FinishedTimes,
  from: keyof FinishedTimes,
  to: keyof FinishedTimes,
): number | undefined {
  const start = times[from];
  const end = times[to];
  return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}
