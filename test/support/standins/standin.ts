import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { control } from "./control.ts";
import { FailureQueue, type FailureSpec } from "./failures.ts";
import { type Reply, send } from "./reply.ts";

/** A request as it arrived; `body` are its raw bytes. */
export interface RecordedRequest {
  method: string;
  /** Path with query, undecoded. */
  path: string;
  /** Names in lower case; values of repeated headers joined by `, `. */
  headers: Record<string, string>;
  body: Buffer;
  /** Milliseconds since the epoch. */
  at: number;
}

/** A vendor's API on 127.0.0.1, for tests, the quickstart and the bench. */
export interface StandIn {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** The last requests, oldest first, refused ones included. */
  readonly requests: readonly RecordedRequest[];
  /** Makes the next requests that match fail; see FailureSpec. */
  fail(spec: FailureSpec): void;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** How many requests to remember; 1000 by default. 0 for load tests. */
  keepRequests?: number;
  /** Failures that are queued from the start. */
  failures?: FailureSpec[];
  /**
   * Same small answer to every request, without looking at it: for load tests, where the stand-in
   * must cost next to nothing.
   */
  canned?: CannedAnswer;
}

export interface CannedAnswer {
  /** Text deltas of a streamed answer. */
  chunks: number;
  /** Bytes of text in a whole answer, or in all the deltas together. */
  bytes: number;
}

/** What makes a stand-in a vendor's: request in, reply out. A throw becomes a 500. */
export type Handler = (request: RecordedRequest) => Reply | Promise<Reply>;

const KEPT_REQUESTS = 1000;
/** Longer than any test: a proxy that reuses a connection just as it is closed would see a reset. */
const KEEP_ALIVE_MS = 600_000;

/** Starts a stand-in: records requests, answers by `handler`, and fails where it was told to. */
export async function serve(handler: Handler, options: StandInOptions = {}): Promise<StandIn> {
  const requests: RecordedRequest[] = [];
  const keep = options.keepRequests ?? KEPT_REQUESTS;
  const failures = new FailureQueue(options.failures ?? []);

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await record(incoming);
    if (control(request, response, requests, failures)) return;
    if (keep > 0) {
      requests.push(request);
      if (requests.length > keep) requests.shift();
    }
    await send(response, await handler(request), failures.take(request));
  };

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      // A client that left is no fault of the stand-in.
      if (response.destroyed || incoming.destroyed) return;
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(`stand-in: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    fail: (spec) => failures.add(spec),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers,
    body: Buffer.concat(chunks),
    at: Date.now(),
  };
}
