/**
 * How long it takes from a change of a resource to Envoy serving it, through the whole system: API
 * server, controller, Envoy Gateway, extension, Envoy. `npm run bench:control-plane -- [changes]`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayOf, providerOf, routeOf, ruleOf } from "../e2e/resources.ts";
import { startRuntime } from "../support/cluster/runtime.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { documents } from "../support/yaml-resources.ts";

const changes = Number(process.argv[2] ?? 100);
const GIVE_UP_MS = 30_000;
const SETTLE_MS = 30;

interface Seen {
  provider: number;
  key: string | undefined;
  model: unknown;
}

const provider = (id: number): Promise<Upstream> =>
  startUpstream((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { model } = JSON.parse(Buffer.concat(chunks).toString()) as { model: unknown };
      const seen: Seen = { provider: id, key: request.headers.authorization, model };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(seen));
    });
  });

const [first, second] = await Promise.all([provider(0), provider(1)]);
const ports = [first.port, second.port];
const { cluster, stop } = await startRuntime({ log: (line) => console.error(line) });
try {
  await cluster.setHost("provider.test", "127.0.0.1");
  const route = (model: string): string =>
    routeOf("bench", "gw", ruleOf("bench", `[{name: bench, modelNameOverride: ${model}}]`));
  const backend = (port: number, key: string): string =>
    providerOf({
      name: "bench",
      schema: "OpenAI",
      host: "provider.test",
      port,
      key: { type: "APIKey", value: key },
    });
  await cluster.apply(gatewayOf("gw"));
  await cluster.apply(backend(first.port, "key-0"));
  await cluster.apply(route("model-0"));
  const { host, port } = await cluster.gatewayAddress({ namespace: "default", name: "gw" });

  const ask = async (): Promise<Seen | undefined> => {
    const response = await fetch(`http://${host}:${port(80)}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "bench", messages: [{ role: "user", content: "hello" }] }),
    }).catch(() => undefined);
    const text = await response?.text();
    return response?.status === 200 ? (JSON.parse(text ?? "") as Seen) : undefined;
  };
  const until = async (holds: (seen: Seen) => boolean): Promise<number> => {
    const started = performance.now();
    for (;;) {
      const seen = await ask();
      if (seen !== undefined && holds(seen)) return performance.now() - started;
      if (performance.now() - started > GIVE_UP_MS) throw new Error("a change did not arrive");
      await sleep(1);
    }
  };
  /** Applies one kind of the documents, and waits until a request shows it. */
  const measure = async (
    title: string,
    change: (turn: number) => { yaml: string; kind: string; shows: (seen: Seen) => boolean },
  ): Promise<void> => {
    const times: number[] = [];
    for (let turn = 1; turn <= changes; turn += 1) {
      const { yaml, kind, shows } = change(turn);
      const objects = documents(yaml).filter((object) => object.kind === kind);
      const started = performance.now();
      await cluster.apply(objects as unknown as Parameters<typeof cluster.apply>[0]);
      await until(shows);
      times.push(performance.now() - started);
      await sleep(SETTLE_MS);
    }
    times.sort((a, b) => a - b);
    const at = (part: number): string =>
      (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(0);
    console.log(`${title.padEnd(24)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   of ${changes}`);
  };

  await until(() => true);
  await measure("AIGatewayRoute changed", (turn) => ({
    yaml: route(`model-${turn}`),
    kind: "AIGatewayRoute",
    shows: ({ model }) => model === `model-${turn}`,
  }));
  await measure("Secret changed", (turn) => ({
    yaml: backend(first.port, `key-${turn}`),
    kind: "Secret",
    shows: ({ key }) => key === `Bearer key-${turn}`,
  }));
  const key = `key-${changes}`;
  await measure("Backend changed", (turn) => ({
    yaml: backend(ports[turn % 2] ?? 0, key),
    kind: "Backend",
    shows: ({ provider: id }) => id === turn % 2,
  }));
} finally {
  await stop();
  await Promise.all([first.close(), second.close()]);
}
process.exit(0);
