import type { HeaderLookup } from "../../conversation/codec.ts";
import { headerLookup } from "./headers.ts";
import { bytesField, numberField, Reader } from "./reader.ts";

/** How Envoy sends bodies; the numbers of `ProcessingMode.BodySendMode`. */
export const BodyMode = {
  none: 0,
  streamed: 1,
  buffered: 2,
  bufferedPartial: 3,
  fullDuplex: 4,
} as const;

/** A message from Envoy, as far as it is read. */
export interface ProcessingRequest {
  /** Absent where the message is of a kind that this reader does not know. */
  event: ProcessingEvent | undefined;
  /** Envoy only reports and waits for no answer. */
  observabilityMode: boolean;
  /** On the first message: the modes that the filter was configured with. */
  bodyModes: BodyModes | undefined;
}

export interface BodyModes {
  request: number;
  response: number;
}

export type ProcessingEvent =
  | {
      kind: "request-headers" | "response-headers";
      headers: HeaderLookup;
      /** No body follows. */
      endOfStream: boolean;
    }
  | {
      kind: "request-body" | "response-body";
      /** A view of the input. */
      body: Buffer;
      endOfStream: boolean;
    }
  | { kind: "request-trailers" | "response-trailers" };

const REQUEST_HEADERS = bytesField(2);
const RESPONSE_HEADERS = bytesField(3);
const REQUEST_BODY = bytesField(4);
const RESPONSE_BODY = bytesField(5);
const REQUEST_TRAILERS = bytesField(6);
const RESPONSE_TRAILERS = bytesField(7);
const OBSERVABILITY_MODE = numberField(10);
const PROTOCOL_CONFIG = bytesField(11);

const HTTP_HEADERS_HEADERS = bytesField(1);
const HTTP_HEADERS_END_OF_STREAM = numberField(3);
const HTTP_BODY_BODY = bytesField(1);
const HTTP_BODY_END_OF_STREAM = numberField(2);
const CONFIG_REQUEST_BODY_MODE = numberField(1);
const CONFIG_RESPONSE_BODY_MODE = numberField(2);

const NO_BYTES = Buffer.alloc(0);

/**
 * Reads an `envoy.service.ext_proc.v3.ProcessingRequest`.
 * @throws {WireError} when the bytes are not one.
 */
export function decodeProcessingRequest(bytes: Buffer): ProcessingRequest {
  const reader = new Reader(bytes);
  const message: ProcessingRequest = {
    event: undefined,
    observabilityMode: false,
    bodyModes: undefined,
  };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case REQUEST_HEADERS:
        message.event = readHeaders("request-headers", reader.message());
        break;
      case RESPONSE_HEADERS:
        message.event = readHeaders("response-headers", reader.message());
        break;
      case REQUEST_BODY:
        message.event = readBody("request-body", reader.message());
        break;
      case RESPONSE_BODY:
        message.event = readBody("response-body", reader.message());
        break;
      case REQUEST_TRAILERS:
        reader.skip(tag);
        message.event = { kind: "request-trailers" };
        break;
      case RESPONSE_TRAILERS:
        reader.skip(tag);
        message.event = { kind: "response-trailers" };
        break;
      case OBSERVABILITY_MODE:
        message.observabilityMode = reader.bool();
        break;
      case PROTOCOL_CONFIG:
        message.bodyModes = readModes(reader.message());
        break;
      default:
        reader.skip(tag);
    }
  }
  return message;
}

function readHeaders(
  kind: "request-headers" | "response-headers",
  reader: Reader,
): ProcessingEvent {
  let headers: Buffer = NO_BYTES;
  let endOfStream = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === HTTP_HEADERS_HEADERS) headers = reader.view();
    else if (tag === HTTP_HEADERS_END_OF_STREAM) endOfStream = reader.bool();
    else reader.skip(tag);
  }
  return { kind, headers: headerLookup(headers), endOfStream };
}

function readBody(kind: "request-body" | "response-body", reader: Reader): ProcessingEvent {
  let body: Buffer = NO_BYTES;
  let endOfStream = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === HTTP_BODY_BODY) body = reader.view();
    else if (tag === HTTP_BODY_END_OF_STREAM) endOfStream = reader.bool();
    else reader.skip(tag);
  }
  return { kind, body, endOfStream };
}

function readModes(reader: Reader): BodyModes {
  const modes: BodyModes = { request: BodyMode.none, response: BodyMode.none };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === CONFIG_REQUEST_BODY_MODE) modes.request = reader.varint();
    else if (tag === CONFIG_RESPONSE_BODY_MODE) modes.response = reader.varint();
    else reader.skip(tag);
  }
  return modes;
}
