import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SessionEnvironment } from "../session/environment.ts";
import type { SessionObserver } from "../session/observer.ts";
import { ProgramCache, type Registries } from "../session/programs.ts";
import { GrpcStatus, refuseCall } from "./grpc.ts";
import { createHealth, HEALTH_CHECK, HEALTH_WATCH } from "./health.ts";
import { serveProcessStream } from "./process-stream.ts";

/** A TCP address (port 0: any that is free) or the path of a Unix socket. */
export type SocketAddress = { host: string; port: number } | { path: string };

export interface ExtProcOptions {
  listen: SocketAddress;
  registries: Registries;
  observer: SessionObserver;
  /** Bytes of a request, and of an answer that has to be read whole, that are held. */
  maxBodyBytes: number;
  /** Time for streams in flight to end after `close`, in milliseconds. */
  drainMs: number;
  /** Time between the first word of an end and the refusal of new streams, in milliseconds. */
  graceMs: number;
}

export interface ExtProcServer {
  readonly address: SocketAddress;
  isServing(): boolean;
  /** ext_proc streams that are open. */
  streams(): number;
  /** Drains: see {@link startExtProc}. May be called again; all calls settle together. */
  close(): Promise<void>;
}

const SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor";
const PROCESS = `/${SERVICE}/Process`;

/** Envoy limits the streams of a connection itself. */
const MAX_STREAMS = 1_000_000;
/** Envoy resets every stream when it is done with it: no sign of an attack. */
const MAX_RESETS = 1_000_000_000;
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 64 * 1024 * 1024;
/** Megabytes; Node's own 10 would end connections with some hundred large requests. */
const SESSION_MEMORY_MB = 4096;
const MAX_STREAM_ID = 2 ** 31 - 1;

/**
 * The external processor on one socket, in this process.
 *
 * `close` ends it without losing a stream: health turns to NOT_SERVING and every connection is told
 * that no new streams are wanted (GOAWAY), but such as cross that word are still served for
 * `graceMs`; then nothing new is accepted, and streams in flight have `drainMs` to end.
 */
export async function startExtProc(options: ExtProcOptions): Promise<ExtProcServer> {
  const env: SessionEnvironment = {
    programs: new ProgramCache(options.registries),
    observer: options.observer,
    maxBodyBytes: options.maxBodyBytes,
    now: () => performance.now(),
    unixTime: () => Math.floor(Date.now() / 1000),
    newId: () => randomUUID().replaceAll("-", ""),
  };
  const health = createHealth([SERVICE]);
  const sessions = new Set<ServerHttp2Session>();
  const open = new Set<ServerHttp2Stream>();
  const server = createServer({
    maxSessionMemory: SESSION_MEMORY_MB,
    maxSessionRejectedStreams: MAX_STREAMS,
    streamResetBurst: MAX_RESETS,
    streamResetRate: MAX_RESETS,
    settings: {
      maxConcurrentStreams: MAX_STREAMS,
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxFrameSize: 64 * 1024,
      enablePush: false,
    },
  });

  server.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => undefined);
  });
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    switch (headers[constants.HTTP2_HEADER_PATH]) {
      case PROCESS:
        open.add(stream);
        stream.on("close", () => open.delete(stream));
        serveProcessStream(stream, headers, env);
        break;
      case HEALTH_CHECK:
        health.check(stream);
        break;
      case HEALTH_WATCH:
        health.watch(stream);
        break;
      default:
        stream.on("error", () => undefined);
        refuseCall(stream, GrpcStatus.unimplemented, "there is no such method here");
    }
  });
  server.on("sessionError", () => undefined);

  await listen(server, options.listen);

  let closing: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    health.set(false);
    for (const session of sessions) announceEnd(session);
    if (sessions.size > 0) await sleep(options.graceMs);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of sessions) session.close();
    const deadline = new AbortController();
    await Promise.race([
      idle(open),
      sleep(options.drainMs, undefined, { signal: deadline.signal }).catch(() => undefined),
    ]);
    deadline.abort();
    for (const session of sessions) session.destroy();
    await closed;
  };

  return {
    address: boundAddress(server, options.listen),
    isServing: health.isServing,
    streams: () => open.size,
    close() {
      closing ??= drain();
      return closing;
    },
  };
}

/** A GOAWAY that refuses nothing yet: streams that cross it on their way are served. */
function announceEnd(session: ServerHttp2Session): void {
  if (!session.destroyed && !session.closed)
    session.goaway(constants.NGHTTP2_NO_ERROR, MAX_STREAM_ID);
}

/** Settles when no stream is open; new ones do not come any more. */
async function idle(open: ReadonlySet<ServerHttp2Stream>): Promise<void> {
  for (const stream of open) {
    if (!stream.closed) await once(stream, "close").catch(() => undefined);
  }
}

function listen(server: Http2Server, at: SocketAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function boundAddress(server: Http2Server, at: SocketAddress): SocketAddress {
  if ("path" in at) return at;
  const { port } = server.address() as AddressInfo;
  return { host: at.host, port };
}
