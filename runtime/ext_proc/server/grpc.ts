import { constants, type ServerHttp2Stream } from "node:http2";

/** The gRPC statuses that are used here. */
export const GrpcStatus = {
  ok: 0,
  invalidArgument: 3,
  notFound: 5,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

const RESPONSE_HEADERS = {
  [constants.HTTP2_HEADER_STATUS]: 200,
  [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
};

export interface Call {
  /** Ends the call. Only the first end counts. */
  end(status: number, message?: string): void;
}

/** Begins to answer a call whose messages follow. */
export function openCall(stream: ServerHttp2Stream): Call {
  let trailers: Record<string, string> | undefined;
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers(trailers ?? statusTrailers(GrpcStatus.ok));
    // The caller need not send what nobody reads; but a reset must not overtake the trailers.
    if (!stream.readableEnded) setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
  });
  return {
    end(status, message) {
      if (trailers !== undefined || stream.destroyed) return;
      trailers = statusTrailers(status, message);
      stream.end();
    },
  };
}

/** Answers a call that has no messages with a status alone. */
export function refuseCall(stream: ServerHttp2Stream, status: number, message: string): void {
  stream.respond({ ...RESPONSE_HEADERS, ...statusTrailers(status, message) }, { endStream: true });
}

function statusTrailers(status: number, message?: string): Record<string, string> {
  return {
    "grpc-status": String(status),
    ...(message === undefined ? {} : { "grpc-message": encodeURIComponent(message) }),
  };
}
