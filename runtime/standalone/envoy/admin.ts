/** A client of Envoy's admin interface. */
import { type RequestOptions, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalAddress } from "./bootstrap.ts";

export interface AdminAnswer {
  readonly status: number;
  readonly body: string;
}

const REQUEST_TIMEOUT_MS = 5_000;
const POLL_MS = 20;

export class AdminClient {
  readonly #target: RequestOptions;

  constructor(address: LocalAddress) {
    this.#target = "path" in address ? { socketPath: address.path } : address;
  }

  /** Rejects when Envoy cannot be reached. */
  get(path: string): Promise<AdminAnswer> {
    return this.#send("GET", path);
  }

  /** For what changes Envoy's state. */
  post(path: string): Promise<AdminAnswer> {
    return this.#send("POST", path);
  }

  #send(method: string, path: string): Promise<AdminAnswer> {
    return new Promise((resolve, reject) => {
      const call = request({
        ...this.#target,
        method,
        path,
        timeout: REQUEST_TIMEOUT_MS,
        agent: false,
      });
      call.on("timeout", () => call.destroy(new Error(`Envoy's admin did not answer ${path}`)));
      call.on("error", reject);
      call.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      call.end();
    });
  }

  /** Current values of the statistics whose whole name matches. */
  async stats(pattern: string): Promise<ReadonlyMap<string, number>> {
    const { body } = await this.get(`/stats?filter=${encodeURIComponent(`^${pattern}$`)}`);
    const lines = body.split("\n").map((line) => line.split(": "));
    return new Map(
      lines.flatMap(([name, value]) => (name && value ? [[name, Number(value)]] : [])),
    );
  }

  /** Whether Envoy has its first configuration and takes traffic; false too when it cannot be reached. */
  async isReady(): Promise<boolean> {
    return this.get("/ready").then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** The node id of the Envoy that answers here; undefined when none does. */
  async nodeId(): Promise<string | undefined> {
    try {
      const { body } = await this.get("/server_info");
      return (JSON.parse(body) as { node?: { id?: string } }).node?.id;
    } catch {
      return undefined;
    }
  }

  /**
   * Resolves once no cluster is warming up (endpoints, secrets or names outstanding), after
   * `withinMs`, or when Envoy cannot be reached. Never rejects.
   */
  async clustersReady(withinMs: number): Promise<void> {
    await poll(withinMs, async () => {
      const warming = await this.stats("cluster_manager\\.warming_clusters").catch(() => new Map());
      return (warming.get("cluster_manager.warming_clusters") ?? 0) === 0;
    });
  }

  /** Requests of clients that are under way; Envoy's own admin does not count. */
  async activeRequests(): Promise<number> {
    const active = await this.stats("http\\..*\\.downstream_rq_active");
    return [...active]
      .filter(([name]) => !name.startsWith("http.admin."))
      .reduce((sum, [, count]) => sum + count, 0);
  }
}

/** Asks until the answer is yes (true) or the time is over (false). */
export async function poll(withinMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
