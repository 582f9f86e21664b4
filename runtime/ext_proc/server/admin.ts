import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface AdminOptions {
  host: string;
  port: number;
  /** Takes traffic. */
  ready(): boolean;
  /** Text format of Prometheus. */
  metrics(): string | Promise<string>;
}

export interface AdminServer {
  port: number;
  close(): Promise<void>;
}

/** `/health`: the process lives; `/ready`: it takes streams; both with a `z` as well; `/metrics`. */
export async function startAdmin(options: AdminOptions): Promise<AdminServer> {
  const answer = async (path: string): Promise<{ status: number; body: string }> => {
    switch (path) {
      case "/health":
      case "/healthz":
        return { status: 200, body: "OK\n" };
      case "/ready":
      case "/readyz":
        return options.ready()
          ? { status: 200, body: "OK\n" }
          : { status: 503, body: "draining\n" };
      case "/metrics":
        return { status: 200, body: await options.metrics() };
      default:
        return { status: 404, body: "there are /health, /ready and /metrics\n" };
    }
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    answer(path)
      .catch((error: unknown) => ({ status: 500, body: `${String(error)}\n` }))
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(body);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
