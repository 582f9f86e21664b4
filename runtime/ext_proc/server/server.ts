import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "../http2/connection.ts";
import type { Wire } from "../http2/outbox.ts";
import type { Stream } from "../http2/stream.ts";
import type { SessionEnvironment } from "../session/environment.ts";
import type { SessionObserver } from "../session/observer.ts";
import { ProgramCache, type Registries } from "../session/programs.ts";
import { GrpcStatus, refuseCall } from "./grpc.ts";
import { createHealth, HEALTH_CHECK, HEALTH_WATCH } from "./health.ts";
import { ProcessStream } from "./process-stream.ts";

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

/** Below this, copying is cheaper than a write for each part. */
const ONE_WRITE_BYTES = 64 * 1024;

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
  const connections = new Map<Socket, Connection>();
  let open = 0;
  let whenIdle: () => void = () => undefined;
  const accept = (stream: Stream): void => {
    switch (stream.header(":path")) {
      case PROCESS:
        open += 1;
        stream.reader = new ProcessStream(stream, env, () => {
          open -= 1;
          if (open === 0) whenIdle();
        });
        break;
      case HEALTH_CHECK:
        health.check(stream);
        break;
      case HEALTH_WATCH:
        health.watch(stream);
        break;
      default:
        refuseCall(stream, GrpcStatus.unimplemented, "there is no such method here");
    }
  };
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = new Connection(wireOf(socket), accept);
    connections.set(socket, connection);
    socket.on("data", (chunk: Buffer) => connection.receive(chunk));
    socket.on("drain", () => connection.drained());
    socket.on("error", () => undefined);
    socket.on("close", () => {
      connections.delete(socket);
      connection.closed();
    });
  });

  await listen(server, options.listen);

  let closing: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    health.set(false);
    for (const connection of connections.values()) connection.announceEnd();
    if (connections.size > 0) await sleep(options.graceMs);
    const closed = once(server, "close");
    server.close();
    for (const connection of connections.values()) connection.shutdown();
    if (open > 0) {
      const idle = new Promise<void>((resolve) => {
        whenIdle = resolve;
      });
      const deadline = new AbortController();
      const late = sleep(options.drainMs, undefined, { signal: deadline.signal });
      await Promise.race([idle, late.catch(() => undefined)]);
      deadline.abort();
    }
    for (const socket of connections.keys()) socket.destroy();
    await closed;
  };

  return {
    address: boundAddress(server, options.listen),
    isServing: health.isServing,
    streams: () => open,
    close() {
      closing ??= drain();
      return closing;
    },
  };
}

const wireOf = (socket: Socket): Wire => ({
  write(parts, size) {
    if (size <= ONE_WRITE_BYTES) {
      socket.write(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size));
      return;
    }
    socket.cork();
    for (const part of parts) socket.write(part);
    socket.uncork();
  },
  backlog: () => socket.writableLength,
  end: () => socket.destroySoon(),
});

function listen(server: Server, at: SocketAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function boundAddress(server: Server, at: SocketAddress): SocketAddress {
  if ("path" in at) return at;
  const { port } = server.address() as AddressInfo;
  return { host: at.host, port };
}
