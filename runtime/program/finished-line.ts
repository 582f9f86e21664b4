/**
 * What Envoy tells the accounting server of a finished request: one text of some lines. Its structured log,
 * with an entry of sixty fields, costs it and its reader three times as much.
 */
import type { UsageField } from "../lib/usage.ts";
import {
  ENDPOINT_HEADER,
  ENDPOINT_METADATA_NAMESPACE,
  LANE_HEADER,
  METADATA_NAMESPACE,
  MODEL_HEADER,
  STREAM_NAMESPACE,
  USAGE_KEYS,
  USAGE_TEXT_KEY,
} from "./names.ts";

export interface FinishedLine {
  /** Endpoint id. */
  endpoint: string | undefined;
  /** As the client asked. */
  model: string | undefined;
  lane: string | undefined;
  /** `gen_ai.provider.name` of the host of the last attempt. */
  provider: string | undefined;
  modelNameOverride: string | undefined;
  status: number;
  /** Envoy's short names of what happened to the answer: `UC`. */
  flags: readonly string[];
  contentType: string;
  /** When the log was written: `DownstreamEnd`. */
  logType: string | undefined;
  attempts: number;
  times: FinishedTimes;
  reading: UsageReading;
}

/** Seconds since the request's first byte; undefined where there was no such moment. */
export type FinishedTimes = { [Name in keyof typeof POINTS]: number | undefined };

/** What was read of an answer's usage. */
export interface UsageReading extends Partial<Record<Exclude<UsageField, "model">, number>> {
  model?: string;
  /** Milliseconds, of streams that ext_proc has seen. */
  firstToken?: number;
  betweenTokens?: number;
}

const POINTS = {
  /** The client's last byte. */
  received: "DS_RX_END",
  /** The provider's are those of the last attempt. */
  sent: "US_TX_BEG",
  answered: "US_RX_BEG",
  answeredWhole: "US_RX_END",
  returned: "DS_TX_BEG",
  /** The last byte to the client. */
  done: "DS_TX_END",
} as const;

type Count = Exclude<keyof UsageReading, "model">;

const COUNTED = (Object.keys(USAGE_KEYS) as UsageField[]).filter((field) => field !== "model");
const COUNT_NAMES: readonly Count[] = [...COUNTED, "firstToken", "betweenTokens"];

const POINT_NAMES = Object.keys(POINTS) as (keyof typeof POINTS)[];
const host = (key: string): string => `%UPSTREAM_METADATA(${ENDPOINT_METADATA_NAMESPACE}:${key})%`;

/** The text, in operators of Envoy's. None of them can write a line feed. */
export const FINISHED_LINE_FORMAT = [
  `%REQ(${ENDPOINT_HEADER})%`,
  `%REQ(${MODEL_HEADER})%`,
  `%REQ(${LANE_HEADER})%`,
  host("provider"),
  host("model_name_override"),
  "%RESPONSE_CODE%",
  "%RESPONSE_FLAGS%",
  "%RESP(CONTENT-TYPE)%",
  "%ACCESS_LOG_TYPE%",
  "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
  ...POINT_NAMES.map((name) => `%COMMON_DURATION(DS_RX_BEG:${POINTS[name]}:us)%`),
  `%DYNAMIC_METADATA(${METADATA_NAMESPACE}:${USAGE_TEXT_KEY})%`,
  // All of it in one, as JSON: each key that is asked for costs Envoy as much.
  `%DYNAMIC_METADATA(${STREAM_NAMESPACE})%`,
].join("\n");

const FIRST_TIME = 10;
const USAGE_LINE = FIRST_TIME + POINT_NAMES.length;
const STREAM_LINE = USAGE_LINE + 1;

/** @returns undefined where the text is not of this format. */
export function readFinishedLine(text: string): FinishedLine | undefined {
  const lines = text.split("\n");
  if (lines.length !== STREAM_LINE + 1) return undefined;
  const textAt = (index: number): string | undefined => {
    const line = lines[index];
    return line === "-" || line === "" ? undefined : line;
  };
  const times: Partial<Record<keyof FinishedTimes, number | undefined>> = {};
  POINT_NAMES.forEach((name, index) => {
    const microseconds = countOf(textAt(FIRST_TIME + index));
    times[name] = microseconds === undefined ? undefined : microseconds / 1e6;
  });
  const streamed = textAt(STREAM_LINE);
  return {
    endpoint: textAt(0),
    model: textAt(1),
    lane: textAt(2),
    provider: textAt(3),
    modelNameOverride: textAt(4),
    status: countOf(textAt(5)) ?? 0,
    flags: textAt(6)?.split(",") ?? [],
    contentType: textAt(7) ?? "",
    logType: textAt(8),
    attempts: countOf(textAt(9)) ?? 0,
    times: times as FinishedTimes,
    reading:
      streamed === undefined ? readUsageText(textAt(USAGE_LINE) ?? "") : readStreamed(streamed),
  };
}

function readStreamed(json: string): UsageReading {
  const reading: UsageReading = {};
  const values = objectOf(json);
  for (const name of COUNTED) {
    const count = countOf(values[USAGE_KEYS[name]]);
    if (count !== undefined) reading[name] = count;
  }
  const model = values[USAGE_KEYS.model];
  if (typeof model === "string" && model !== "") reading.model = model;
  return reading;
}

/** Of bytes that Envoy wrote: what is no object says nothing. */
function objectOf(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What is known of usage as one text: `inputTokens=3 outputTokens=4 model=gpt`, the model last. */
export function usageText({ model, ...counts }: UsageReading): string {
  const parts = COUNT_NAMES.flatMap((name) =>
    counts[name] === undefined ? [] : [`${name}=${counts[name]}`],
  );
  return [...parts, ...(model ? [`model=${model.replace(CONTROLS, " ")}`] : [])].join(" ");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a line must not have.
const CONTROLS = /[\x00-\x1f\x7f]/g;

/** What cannot be read is passed over. */
export function readUsageText(text: string): UsageReading {
  const at = text.search(/(?:^| )model=/);
  const reading: UsageReading = {};
  for (const part of (at < 0 ? text : text.slice(0, at)).split(" ")) {
    const [name, value] = part.split("=");
    const count = countOf(value);
    if (count !== undefined && COUNT_NAMES.includes(name as Count)) reading[name as Count] = count;
  }
  if (at >= 0) reading.model = text.slice(text.indexOf("=", at) + 1);
  return reading;
}

function countOf(value: unknown): number | undefined {
  if (value === undefined || value === "") return undefined;
  const count = Number(value);
  return Number.isFinite(count) && count >= 0 ? count : undefined;
}
