/**
 * Reads from Envoy's access log what accounting looks at, and passes over the rest: a finished
 * request has some sixty fields, and to build them all costs several times what reading these does.
 */
import { bytesField, doubleField, numberField, type Reader, WireError } from "../wire/reader.ts";

/** A part of `envoy.data.accesslog.v3.HTTPAccessLogEntry`, under the names of its fields there. */
export interface LogEntry {
  commonProperties?: LogCommon | undefined;
  request?: { requestHeaders: Readonly<Record<string, string>> } | undefined;
  response?:
    | { responseCode?: number | undefined; responseHeaders: Readonly<Record<string, string>> }
    | undefined;
}

export interface LogDuration {
  seconds: number | bigint;
  nanos: number;
}

export type LogTimes = { [Name in (typeof TIMES)[number][1]]?: LogDuration | undefined };

export interface LogCommon extends LogTimes {
  upstreamRequestAttemptCount: number;
  accessLogType: number;
  customTags: Readonly<Record<string, string>>;
  responseFlags?: BreakFlags | undefined;
  /** Members of namespaces, by namespace; only numbers and texts are of use. */
  metadata?:
    | { filterMetadata: Readonly<Record<string, Readonly<Record<string, unknown>>>> }
    | undefined;
}

/** Flags of an answer that did not reach its end, though its status may be 200. */
export type BreakFlags = { [Name in (typeof BREAKS)[number][1]]?: boolean };

const TIMES = [
  [6, "timeToLastRxByte"],
  [7, "timeToFirstUpstreamTxByte"],
  [9, "timeToFirstUpstreamRxByte"],
  [10, "timeToLastUpstreamRxByte"],
  [11, "timeToFirstDownstreamTxByte"],
  [12, "timeToLastDownstreamTxByte"],
  [23, "duration"],
] as const;

export const BREAKS = [
  [3, "upstreamRequestTimeout"],
  [4, "localReset"],
  [5, "upstreamRemoteReset"],
  [7, "upstreamConnectionTermination"],
  [15, "downstreamConnectionTermination"],
  [17, "streamIdleTimeout"],
  [19, "downstreamProtocolError"],
  [20, "upstreamMaxStreamDurationReached"],
  [23, "durationTimeout"],
  [24, "upstreamProtocolError"],
  [26, "overloadManager"],
  [28, "downstreamRemoteReset"],
] as const;

const timeOfTag = new Map(TIMES.map(([field, name]) => [bytesField(field), name] as const));
const breakOfTag = new Map(BREAKS.map(([field, name]) => [numberField(field), name] as const));

const FIRST = bytesField(1);
const SECOND = bytesField(2);

/**
 * The HTTP entries of a `StreamAccessLogsMessage`; `namespace` is the one whose metadata is kept.
 *
 * @throws {WireError} where the bytes are no such message.
 */
export function readLogEntries(message: Reader, namespace: string): LogEntry[] {
  const entries: LogEntry[] = [];
  for (let tag = message.tag(); tag !== 0; tag = message.tag()) {
    if (tag !== SECOND) message.skip(tag);
    else message.nested(undefined, (logs) => readHttpLogs(logs, entries, namespace));
  }
  return entries;
}

function readHttpLogs(logs: Reader, entries: LogEntry[], namespace: string): void {
  for (let tag = logs.tag(); tag !== 0; tag = logs.tag()) {
    if (tag === FIRST) entries.push(logs.nested(namespace, readEntry));
    else logs.skip(tag);
  }
}

function readEntry(reader: Reader, namespace: string): LogEntry {
  const entry: LogEntry = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === FIRST) entry.commonProperties = reader.nested(namespace, readCommon);
    else if (tag === bytesField(3)) entry.request = reader.nested(undefined, readRequest);
    else if (tag === bytesField(4)) entry.response = reader.nested(undefined, readResponse);
    else reader.skip(tag);
  }
  return entry;
}

function readCommon(reader: Reader, namespace: string): LogCommon {
  const customTags: Record<string, string> = {};
  const common: LogCommon = { upstreamRequestAttemptCount: 0, accessLogType: 0, customTags };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    const time = timeOfTag.get(tag);
    if (time !== undefined) common[time] = reader.nested(undefined, readDuration);
    else if (tag === bytesField(16)) common.responseFlags = reader.nested(undefined, readFlags);
    else if (tag === bytesField(17)) common.metadata = reader.nested(namespace, readMetadata);
    else if (tag === bytesField(22)) reader.nested(customTags, readTextEntry);
    else if (tag === numberField(24)) common.upstreamRequestAttemptCount = reader.varint();
    else if (tag === numberField(33)) common.accessLogType = reader.varint();
    else reader.skip(tag);
  }
  return common;
}

/** Times of requests are not negative, so that plain varints are enough. */
function readDuration(reader: Reader): LogDuration {
  const duration = { seconds: 0, nanos: 0 };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === numberField(1)) duration.seconds = reader.varint();
    else if (tag === numberField(2)) duration.nanos = reader.varint();
    else reader.skip(tag);
  }
  return duration;
}

function readFlags(reader: Reader): BreakFlags {
  const flags: BreakFlags = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    const name = breakOfTag.get(tag);
    if (name === undefined) reader.skip(tag);
    else flags[name] = reader.bool();
  }
  return flags;
}

function readRequest(reader: Reader): NonNullable<LogEntry["request"]> {
  const requestHeaders: Record<string, string> = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === bytesField(13)) reader.nested(requestHeaders, readTextEntry);
    else reader.skip(tag);
  }
  return { requestHeaders };
}

function readResponse(reader: Reader): NonNullable<LogEntry["response"]> {
  const responseHeaders: Record<string, string> = {};
  let responseCode: number | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === FIRST) responseCode = reader.nested(undefined, readWrappedNumber);
    else if (tag === bytesField(4)) reader.nested(responseHeaders, readTextEntry);
    else reader.skip(tag);
  }
  return { responseCode, responseHeaders };
}

function readWrappedNumber(reader: Reader): number {
  let value = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === numberField(1)) value = reader.varint();
    else reader.skip(tag);
  }
  return value;
}

function readTextEntry(reader: Reader, into: Record<string, string>): void {
  let key = "";
  let value = "";
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === FIRST) key = reader.utf8();
    else if (tag === SECOND) value = reader.utf8();
    else reader.skip(tag);
  }
  into[key] = value;
}

function readMetadata(reader: Reader, namespace: string): NonNullable<LogCommon["metadata"]> {
  const values: Record<string, unknown> = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag !== FIRST) {
      reader.skip(tag);
      continue;
    }
    const entry = reader.message();
    let wanted = false;
    // Envoy writes the key of a map's entry before its value, as all do.
    for (let part = entry.tag(); part !== 0; part = entry.tag()) {
      if (part === FIRST) wanted = entry.isText(namespace);
      else if (part === SECOND && wanted) entry.nested(values, readStruct);
      else entry.skip(part);
    }
  }
  return { filterMetadata: { [namespace]: values } };
}

function readStruct(reader: Reader, into: Record<string, unknown>): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === FIRST) reader.nested(into, readMember);
    else reader.skip(tag);
  }
}

function readMember(reader: Reader, into: Record<string, unknown>): void {
  let key = "";
  let value: unknown;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === FIRST) key = reader.utf8();
    else if (tag === SECOND) value = reader.nested(undefined, readValue);
    else reader.skip(tag);
  }
  into[key] = value;
}

/** A number or a text; undefined for all other kinds of `google.protobuf.Value`. */
function readValue(reader: Reader): number | string | undefined {
  let value: number | string | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === doubleField(2)) value = readDouble(reader);
    else if (tag === bytesField(3)) value = reader.utf8();
    else reader.skip(tag);
  }
  return value;
}

function readDouble(reader: Reader): number {
  if (reader.end - reader.at < 8) throw new WireError("the message ends inside a number");
  reader.at += 8;
  return reader.bytes.readDoubleLE(reader.at - 8);
}
