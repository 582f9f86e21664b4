import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { connect as connectSocket } from "node:net";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  ProcessingRequestSchema,
  type ProcessingResponse,
  ProcessingResponseSchema,
} from "../../../../protos/gen/envoy/service/ext_proc/v3/external_processor_pb.ts";
import { FrameReader } from "../../wire/framing.ts";
import type { SocketAddress } from "../server.ts";

/** A connection as Envoy makes them. */
export async function dial(at: SocketAddress): Promise<ClientHttp2Session> {
  const session = connect("http://ext-proc", {
    createConnection: () => connectSocket("path" in at ? { path: at.path } : at),
    peerMaxConcurrentStreams: 1_000_000,
    streamResetBurst: 1_000_000,
    settings: { initialWindowSize: 1024 * 1024 },
  } as Parameters<typeof connect>[1]);
  session.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    session.once("remoteSettings", () => resolve());
    session.once("error", reject);
  });
  return session;
}

export interface Exchange {
  stream: ClientHttp2Stream;
  send(request: MessageInitShape<typeof ProcessingRequestSchema>["request"]): void;
  /** The next message; undefined at the end. */
  next(): Promise<ProcessingResponse | undefined>;
  /** Trailers, or undefined where the stream was reset. */
  status: Promise<string | undefined>;
}

export const frame = (message: Uint8Array): Buffer => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};

/** One ext_proc stream, or one of another method. */
export function open(
  session: ClientHttp2Session,
  program?: string,
  path = "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
): Exchange {
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: "POST",
    [constants.HTTP2_HEADER_PATH]: path,
    "content-type": "application/grpc",
    te: "trailers",
    ...(program === undefined ? {} : { "x-aigw-program": program }),
  });
  const frames = new FrameReader(1 << 26);
  const got: ProcessingResponse[] = [];
  let wake: () => void = () => undefined;
  let closed = false;
  let status: string | undefined;
  stream.on("response", (headers) => {
    status = headers["grpc-status"] as string | undefined;
  });
  stream.on("trailers", (trailers) => {
    status = trailers["grpc-status"] as string | undefined;
  });
  stream.on("data", (chunk: Buffer) => {
    for (const message of frames.push(chunk)) {
      got.push(fromBinary(ProcessingResponseSchema, message));
    }
    wake();
  });
  stream.on("error", () => undefined);
  const done = new Promise<string | undefined>((resolve) => {
    stream.on("close", () => {
      closed = true;
      wake();
      resolve(status);
    });
  });
  return {
    stream,
    status: done,
    send: (request) =>
      void stream.write(
        frame(
          toBinary(
            ProcessingRequestSchema,
            create(ProcessingRequestSchema, request ? { request } : {}),
          ),
        ),
      ),
    async next() {
      while (got.length === 0 && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return got.shift();
    },
  };
}

const header = (key: string, value: string) => ({ key, rawValue: Buffer.from(value) });

export const requestHeaders = {
  case: "requestHeaders" as const,
  value: {
    headers: {
      headers: [
        header(":path", "/v1/chat"),
        header("x-ai-eg-endpoint", "chat"),
        header("x-ai-eg-model", "m"),
      ],
    },
  },
};

export const requestBody = (body: string | Buffer) => ({
  case: "requestBody" as const,
  value: { body: Buffer.from(body), endOfStream: true },
});

export const responseHeaders = {
  case: "responseHeaders" as const,
  value: { headers: { headers: [header(":status", "200")] } },
};

export const responseBody = (body: string | Buffer, endOfStream = true) => ({
  case: "responseBody" as const,
  value: { body: Buffer.from(body), endOfStream },
});

/** A whole exchange; the bytes that the client gets. */
export async function exchange(session: ClientHttp2Session, program: string): Promise<string> {
  const { send, next, stream } = open(session, program);
  send(requestHeaders);
  await next();
  send(requestBody('{"model":"m"}'));
  await next();
  send(responseHeaders);
  await next();
  send(responseBody('{"total":1}'));
  const answer = await next();
  // As Envoy does.
  stream.close(constants.NGHTTP2_CANCEL);
  const { response } = answer ?? {};
  if (response?.case !== "responseBody") throw new Error(`${response?.case} in place of a body`);
  const mutation = response.value.response?.bodyMutation?.mutation;
  if (mutation?.case !== "streamedResponse") throw new Error("the body is not streamed");
  return Buffer.from(mutation.value.body).toString();
}
