import { bytesField, doubleField, numberField } from "./reader.ts";
import { BackwardWriter } from "./writer.ts";

/** An answer to Envoy. */
export interface ProcessingResponse {
  answer: Answer;
  /** Merged into the request's dynamic metadata, key by key. */
  metadata?: DynamicMetadata;
}

export type Answer =
  | { kind: "request-headers" | "response-headers"; headers?: HeaderMutation }
  | {
      kind: "request-body" | "response-body";
      headers?: HeaderMutation;
      /** Absent: the body goes on as it came. */
      body?: BodyMutation;
    }
  | { kind: "request-trailers" | "response-trailers" }
  | {
      /** Ends the exchange: Envoy answers the client itself. */
      kind: "immediate";
      status: number;
      headers?: HeaderMutation;
      body: Buffer;
      /** For Envoy's response code details; no spaces. */
      details: string;
    };

export type BodyMutation =
  /** The whole body, or the chunk at hand in the streamed mode. */
  | { mode: "replace"; body: Buffer }
  /** The next piece of a body in the full duplex mode. */
  | { mode: "stream"; parts: readonly Buffer[]; endOfStream: boolean };

/** Names in lower case; values of code points below 256. Set values overwrite. */
export interface HeaderMutation {
  set: readonly (readonly [name: string, value: string])[];
  remove: readonly string[];
}

export interface DynamicMetadata {
  namespace: string;
  values: Readonly<Record<string, number | string | boolean>>;
}

const ANSWER_FIELDS = {
  "request-headers": bytesField(1),
  "response-headers": bytesField(2),
  "request-body": bytesField(3),
  "response-body": bytesField(4),
  "request-trailers": bytesField(5),
  "response-trailers": bytesField(6),
  immediate: bytesField(7),
} as const;
const DYNAMIC_METADATA = bytesField(8);

const COMMON_RESPONSE = bytesField(1);
const COMMON_HEADER_MUTATION = bytesField(2);
const COMMON_BODY_MUTATION = bytesField(3);
const BODY_REPLACE = bytesField(1);
const BODY_STREAMED = bytesField(3);
const STREAMED_BODY = bytesField(1);
const STREAMED_END = numberField(2);

const IMMEDIATE_STATUS = bytesField(1);
const IMMEDIATE_HEADERS = bytesField(2);
const IMMEDIATE_BODY = bytesField(3);
const IMMEDIATE_DETAILS = bytesField(5);
const HTTP_STATUS_CODE = numberField(1);

const MUTATION_SET = bytesField(1);
const MUTATION_REMOVE = bytesField(2);
const OPTION_HEADER = bytesField(1);
const OPTION_APPEND_ACTION = numberField(3);
const OVERWRITE_IF_EXISTS_OR_ADD = 2;
const HEADER_KEY = bytesField(1);
const HEADER_RAW_VALUE = bytesField(3);

const STRUCT_FIELDS = bytesField(1);
const ENTRY_KEY = bytesField(1);
const ENTRY_VALUE = bytesField(2);
const VALUE_NUMBER = doubleField(2);
const VALUE_STRING = bytesField(3);
const VALUE_BOOL = numberField(4);
const VALUE_STRUCT = bytesField(5);

/** Room for what most answers hold beside a body. */
const USUAL_BYTES = 512;

/**
 * Writes an `envoy.service.ext_proc.v3.ProcessingResponse` as one gRPC message: a byte that says
 * that it is not compressed, its length in four bytes, and itself.
 */
export function encodeProcessingResponse(response: ProcessingResponse): Buffer {
  const writer = new BackwardWriter(USUAL_BYTES + bodyLength(response.answer));
  if (response.metadata !== undefined) {
    const mark = writer.length;
    writeMetadata(writer, response.metadata);
    writer.prefix(DYNAMIC_METADATA, mark);
  }
  const mark = writer.length;
  writeAnswer(writer, response.answer);
  writer.prefix(ANSWER_FIELDS[response.answer.kind], mark);
  writer.uint32BE(writer.length);
  writer.byte(0);
  return writer.finish();
}

function bodyLength(answer: Answer): number {
  if (!("body" in answer) || answer.body === undefined) return 0;
  const { body } = answer;
  if (Buffer.isBuffer(body)) return body.length;
  if (body.mode === "replace") return body.body.length;
  let total = 0;
  for (const part of body.parts) total += part.length;
  return total;
}

function writeAnswer(writer: BackwardWriter, answer: Answer): void {
  switch (answer.kind) {
    case "request-trailers":
    case "response-trailers":
      return;
    case "immediate":
      writeImmediate(writer, answer);
      return;
    default: {
      const mark = writer.length;
      if ("body" in answer && answer.body !== undefined) writeBody(writer, answer.body);
      if (answer.headers !== undefined) {
        writeHeaders(writer, COMMON_HEADER_MUTATION, answer.headers);
      }
      writer.prefix(COMMON_RESPONSE, mark);
    }
  }
}

function writeImmediate(
  writer: BackwardWriter,
  answer: Extract<Answer, { kind: "immediate" }>,
): void {
  writeText(writer, IMMEDIATE_DETAILS, answer.details);
  writeBytes(writer, IMMEDIATE_BODY, answer.body);
  if (answer.headers !== undefined) writeHeaders(writer, IMMEDIATE_HEADERS, answer.headers);
  const mark = writer.length;
  writer.varint(answer.status);
  writer.varint(HTTP_STATUS_CODE);
  writer.prefix(IMMEDIATE_STATUS, mark);
}

function writeBody(writer: BackwardWriter, body: BodyMutation): void {
  const mark = writer.length;
  if (body.mode === "replace") {
    writeBytes(writer, BODY_REPLACE, body.body);
  } else {
    writeStreamed(writer, body);
  }
  writer.prefix(COMMON_BODY_MUTATION, mark);
}

function writeStreamed(
  writer: BackwardWriter,
  body: Extract<BodyMutation, { mode: "stream" }>,
): void {
  const mark = writer.length;
  if (body.endOfStream) {
    writer.byte(1);
    writer.varint(STREAMED_END);
  }
  const start = writer.length;
  for (let index = body.parts.length - 1; index >= 0; index -= 1) {
    const part = body.parts[index];
    if (part !== undefined) writer.raw(part);
  }
  if (writer.length > start) writer.prefix(STREAMED_BODY, start);
  writer.prefix(BODY_STREAMED, mark);
}

function writeHeaders(writer: BackwardWriter, field: number, mutation: HeaderMutation): void {
  const mark = writer.length;
  for (let index = mutation.remove.length - 1; index >= 0; index -= 1) {
    writeText(writer, MUTATION_REMOVE, mutation.remove[index] ?? "");
  }
  for (let index = mutation.set.length - 1; index >= 0; index -= 1) {
    const header = mutation.set[index];
    if (header !== undefined) writeHeader(writer, header[0], header[1]);
  }
  writer.prefix(field, mark);
}

function writeHeader(writer: BackwardWriter, name: string, value: string): void {
  const mark = writer.length;
  writer.byte(OVERWRITE_IF_EXISTS_OR_ADD);
  writer.varint(OPTION_APPEND_ACTION);
  const header = writer.length;
  writer.latin1(value);
  writer.prefix(HEADER_RAW_VALUE, header);
  const key = writer.length;
  writer.latin1(name);
  writer.prefix(HEADER_KEY, key);
  writer.prefix(OPTION_HEADER, header);
  writer.prefix(MUTATION_SET, mark);
}

/** A `google.protobuf.Struct` with one struct under the namespace. */
function writeMetadata(writer: BackwardWriter, metadata: DynamicMetadata): void {
  const entry = writer.length;
  for (const key in metadata.values) {
    const value = metadata.values[key];
    if (value !== undefined) writeMetadataValue(writer, key, value);
  }
  writer.prefix(VALUE_STRUCT, entry);
  writer.prefix(ENTRY_VALUE, entry);
  writeText(writer, ENTRY_KEY, metadata.namespace);
  writer.prefix(STRUCT_FIELDS, entry);
}

function writeMetadataValue(
  writer: BackwardWriter,
  key: string,
  value: number | string | boolean,
): void {
  const entry = writer.length;
  if (typeof value === "number") {
    writer.double(value);
    writer.varint(VALUE_NUMBER);
  } else if (typeof value === "string") {
    writeText(writer, VALUE_STRING, value);
  } else {
    writer.byte(value ? 1 : 0);
    writer.varint(VALUE_BOOL);
  }
  writer.prefix(ENTRY_VALUE, entry);
  writeText(writer, ENTRY_KEY, key);
  writer.prefix(STRUCT_FIELDS, entry);
}

function writeText(writer: BackwardWriter, field: number, text: string): void {
  const mark = writer.length;
  writer.utf8(text);
  writer.prefix(field, mark);
}

function writeBytes(writer: BackwardWriter, field: number, bytes: Uint8Array): void {
  writer.raw(bytes);
  writer.varint(bytes.length);
  writer.varint(field);
}
