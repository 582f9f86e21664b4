import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface AdminOptions {
  host: string;
  port: number;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** Whether requests are served. */
  ready(): Promise<boolean>;
}

export interface AdminServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `/metrics` for Prometheus, `/health` (this process answers: its event loop is not held up), `/ready`
 * (it does its work); the latter two with a `z` as well, as charts and people expect.
 */
export async function startAdmin(options: AdminOptions): Promise<AdminServer> {
  type Page = () => Promise<[status: number, body: string]>;
  const health: Page = async () => [200, "OK\n"];
  const ready: Page = async () =>
    (await options.ready()) ? [200, "READY\n"] : [503, "NOT READY\n"];
  const answers: Record<string, Page> = {
    "/metrics": async () => [200, await options.metrics()],
    "/health": health,
    "/healthz": health,
    "/ready": ready,
    "/readyz": ready,
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://admin").pathname;
    const answer = answers[path];
    if (answer === undefined) {
      response.writeHead(404).end(`served are ${Object.keys(answers).join(", ")}\n`);
      return;
    }
    answer().then(
      ([status, body]) =>
        response.writeHead(status, { "content-type": "text/plain; version=0.0.4" }).end(body),
      () => response.writeHead(503).end("not available\n"),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
