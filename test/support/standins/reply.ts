import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { Failure } from "./failures.ts";

/** A vendor's answer, before any failure is applied to it. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** One buffer for a whole answer; one per event for a stream, in the vendor's framing. */
  events: Buffer[];
  /** True for event streams: sent event by event, without a content length. */
  streamed: boolean;
  /** How this vendor spells errors; failures use it. */
  dialect: Dialect;
}

export interface Dialect {
  /** Headers and body of an error answer. */
  error(status: number, message: string): { headers: Record<string, string>; body: string };
  /** The event that reports an error in the midst of a stream. */
  errorEvent(message: string, type?: string): Buffer;
  /** A damaged copy of an event: a bad checksum, or text that is no longer JSON. */
  damage(event: Buffer): Buffer;
}

/** A whole answer in JSON. */
export const jsonReply = (
  dialect: Dialect,
  body: unknown,
  headers: Record<string, string> = {},
  status = 200,
): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  events: [Buffer.from(JSON.stringify(body))],
  streamed: false,
  dialect,
});

/** An error answer in the vendor's shape. */
export function errorReply(dialect: Dialect, status: number, message: string): Reply {
  const { headers, body } = dialect.error(status, message);
  return { status, headers, events: [Buffer.from(body)], streamed: false, dialect };
}

/** Writes a reply, spoilt by `failure` where there is one. */
export async function send(
  response: ServerResponse,
  reply: Reply,
  failure?: Failure,
): Promise<void> {
  switch (failure?.kind) {
    case "status":
      return sendStatus(response, reply.dialect, failure);
    case "reset":
      return sendReset(response, reply, failure.afterBytes);
    case "compress":
      return sendCompressed(response, reply, failure.encoding);
    case "delay":
      await sleep(failure.ms);
      return sendEvents(response, reply, reply.events);
    case "slow":
      return sendEvents(response, reply, reply.events, failure.ms);
    default:
      return sendEvents(response, reply, failure ? spoil(reply, failure) : reply.events);
  }
}

function sendStatus(
  response: ServerResponse,
  dialect: Dialect,
  failure: Failure & { kind: "status" },
): void {
  const usual = dialect.error(failure.status, "the stand-in was told to fail");
  const body = failure.body ?? usual.body;
  response
    .writeHead(failure.status, {
      ...usual.headers,
      "content-length": Buffer.byteLength(body),
      ...failure.headers,
    })
    .end(body);
}

async function sendReset(
  response: ServerResponse,
  reply: Reply,
  afterBytes: number | undefined,
): Promise<void> {
  if (afterBytes !== undefined) {
    response.writeHead(reply.status, reply.headers);
    const part = Buffer.concat(reply.events).subarray(0, afterBytes);
    await new Promise((resolve) => response.write(part, resolve));
    // Bytes that are still on their way when the reset arrives would be thrown away by the peer.
    await sleep(50);
  }
  response.socket?.resetAndDestroy();
}

const COMPRESS = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };

function sendCompressed(
  response: ServerResponse,
  reply: Reply,
  encoding: keyof typeof COMPRESS,
): void {
  const body = COMPRESS[encoding](Buffer.concat(reply.events));
  response.writeHead(reply.status, {
    ...reply.headers,
    "content-encoding": encoding,
    "content-length": body.length,
  });
  response.end(body);
}

function spoil(
  { events, dialect }: Reply,
  failure: Failure & { kind: "truncate" | "corrupt" | "stream-error" },
): Buffer[] {
  switch (failure.kind) {
    case "truncate": {
      const cut = events[failure.afterEvents] ?? Buffer.alloc(0);
      return [...events.slice(0, failure.afterEvents), cut.subarray(0, Math.floor(cut.length / 2))];
    }
    case "corrupt":
      return events.map((event, at) => (at === failure.event ? dialect.damage(event) : event));
    case "stream-error": {
      const message = failure.message ?? "the stand-in was told to fail";
      return [...events.slice(0, failure.afterEvents), dialect.errorEvent(message, failure.type)];
    }
  }
}

async function sendEvents(
  response: ServerResponse,
  reply: Reply,
  events: readonly Buffer[],
  pause = 0,
): Promise<void> {
  if (!reply.streamed && pause === 0) {
    const body = events.length === 1 && events[0] ? events[0] : Buffer.concat(events);
    response.writeHead(reply.status, { ...reply.headers, "content-length": body.length }).end(body);
    return;
  }
  response.writeHead(reply.status, reply.headers);
  for (const event of events) {
    if (pause > 0) await sleep(pause);
    if (response.destroyed) return;
    if (!response.write(event)) await drained(response);
  }
  response.end();
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
