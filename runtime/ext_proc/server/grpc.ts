import { encodeHeaders, type HeaderField } from "../http2/hpack.ts";
import type { Stream } from "../http2/stream.ts";

/** The gRPC statuses that are used here. */
export const GrpcStatus = {
  ok: 0,
  invalidArgument: 3,
  notFound: 5,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

const RESPONSE_HEADERS: readonly HeaderField[] = [
  [":status", "200"],
  ["content-type", "application/grpc"],
];
const RESPONSE_BLOCK = encodeHeaders(RESPONSE_HEADERS);

/** Begins to answer a call whose messages follow. */
export const openCall = (stream: Stream): void => stream.respond(RESPONSE_BLOCK);

/** Ends a call that was opened. Only the first end counts. */
export const endCall = (stream: Stream, status: number, message?: string): void =>
  stream.finish(encodeHeaders(statusFields(status, message)));

/** Answers a call that has no messages with a status alone. */
export const refuseCall = (stream: Stream, status: number, message: string): void =>
  stream.respond(encodeHeaders([...RESPONSE_HEADERS, ...statusFields(status, message)]), true);

const statusFields = (status: number, message?: string): HeaderField[] => [
  ["grpc-status", String(status)],
  ...(message === undefined ? [] : [["grpc-message", encodeURIComponent(message)] as const]),
];
