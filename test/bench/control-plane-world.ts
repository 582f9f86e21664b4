/** The whole system with one provider behind one Gateway, and a way to ask what Envoy serves. */
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayOf } from "../e2e/resources.ts";
import type { Cluster } from "../support/cluster/cluster.ts";
import { startRuntime } from "../support/cluster/runtime.ts";
import type { KubeObject } from "../support/kube/client.ts";
import { startUpstream } from "../support/upstream.ts";
import { documents } from "../support/yaml-resources.ts";

const GIVE_UP_MS = 600_000;
/** Requests to the API server under way at once. */
const CONCURRENCY = 16;

/** What a provider got. */
export interface Seen {
  provider: number;
  key: string | undefined;
  model: unknown;
}

export interface BenchWorld {
  cluster: Cluster;
  /** Ports of two providers, behind the host name `provider.test`. */
  ports: readonly [number, number];
  /** Applies the documents, several at once; of one kind alone where it is given. */
  apply(yaml: string, kind?: string): Promise<void>;
  /** Asks for a model again and again until a provider got what `holds` wants. @throws in the end */
  until(model: string, holds?: (seen: Seen) => boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function startBenchWorld(): Promise<BenchWorld> {
  const [first, second] = await Promise.all([provider(0), provider(1)]);
  const { cluster, stop } = await startRuntime({
    log: (line) => console.error(line),
    // It writes three lines for each backend whenever anything changes: 150 MB with 500 routes.
    envoyGateway: { logging: { level: { default: "warn" } } },
  });
  await cluster.setHost("provider.test", "127.0.0.1");
  await cluster.apply(gatewayOf("gw"));
  const { host, port } = await cluster.gatewayAddress({ namespace: "default", name: "gw" });
  const url = `http://${host}:${port(80)}/v1/chat/completions`;
  return {
    cluster,
    ports: [first.port, second.port],
    async apply(yaml, kind) {
      const objects = documents(yaml).filter(
        (object) => kind === undefined || object.kind === kind,
      );
      const left = objects.values() as Iterable<unknown> as Iterable<KubeObject>;
      const work = async (): Promise<void> => {
        for (const object of left) await cluster.client.apply(object);
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, work));
    },
    async until(model, holds = () => true) {
      const started = performance.now();
      for (;;) {
        const seen = await ask(url, model);
        if (seen !== undefined && holds(seen)) return;
        if (performance.now() - started > GIVE_UP_MS) throw new Error("a change did not arrive");
        await sleep(1);
      }
    },
    async stop() {
      await stop();
      await Promise.all([first.close(), second.close()]);
    },
  };
}

const provider = (id: number) =>
  startUpstream((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { model } = JSON.parse(Buffer.concat(chunks).toString()) as { model: unknown };
      const seen: Seen = { provider: id, key: request.headers.authorization, model };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(seen));
    });
  });

async function ask(url: string, model: string): Promise<Seen | undefined> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
  }).catch(() => undefined);
  const text = await response?.text();
  return response?.status === 200 ? (JSON.parse(text ?? "") as Seen) : undefined;
}

/** The one at this part of the sorted times, in whole milliseconds. */
export function quantile(times: readonly number[], part: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(0);
}
