/**
 * How long it takes from a change of a resource to Envoy serving it, through the whole system: API
 * server, controller, Envoy Gateway, extension, Envoy. `npm run bench:control-plane -- [changes]`; with
 * `--scale 250,500,1000` how that and memory grow with the number of routes.
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { providerOf, routeOf, ruleOf } from "../e2e/resources.ts";
import { measureScale } from "./control-plane-scale.ts";
import { type BenchWorld, quantile, type Seen, startBenchWorld } from "./control-plane-world.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: "string" } },
});
const changes = Number(positionals[0] ?? 100);
const SETTLE_MS = 30;

interface Change {
  yaml: string;
  kind: string;
  shows(seen: Seen): boolean;
}

async function measureChanges({ ports, apply, until }: BenchWorld): Promise<void> {
  const route = (model: string): string =>
    routeOf("bench", "gw", ruleOf("bench", `[{name: bench, modelNameOverride: ${model}}]`));
  const backend = (port: number, value: string): string =>
    providerOf({
      name: "bench",
      schema: "OpenAI",
      host: "provider.test",
      port,
      key: { type: "APIKey", value },
    });
  /** Applies one kind of the documents, and waits until a request shows it. */
  const measure = async (title: string, change: (turn: number) => Change): Promise<void> => {
    const times: number[] = [];
    for (let turn = 1; turn <= changes; turn += 1) {
      const { yaml, kind, shows } = change(turn);
      const started = performance.now();
      await apply(yaml, kind);
      await until("bench", shows);
      times.push(performance.now() - started);
      await sleep(SETTLE_MS);
    }
    const [p50, p90, p99] = [0.5, 0.9, 0.99].map((part) => quantile(times, part));
    console.log(
      `${title.padEnd(24)} p50 ${p50} ms   p90 ${p90} ms   p99 ${p99} ms   of ${changes}`,
    );
  };
  await apply(backend(ports[0], "key-0"));
  await apply(route("model-0"));
  await until("bench");
  await measure("AIGatewayRoute changed", (turn) => ({
    yaml: route(`model-${turn}`),
    kind: "AIGatewayRoute",
    shows: ({ model }) => model === `model-${turn}`,
  }));
  await measure("Secret changed", (turn) => ({
    yaml: backend(ports[0], `key-${turn}`),
    kind: "Secret",
    shows: ({ key }) => key === `Bearer key-${turn}`,
  }));
  await measure("Backend changed", (turn) => ({
    yaml: backend(ports[turn % 2] as number, `key-${changes}`),
    kind: "Backend",
    shows: ({ provider }) => provider === turn % 2,
  }));
}

const load = (): string =>
  loadavg()
    .map((each) => each.toFixed(1))
    .join(" ");
const world = await startBenchWorld();
try {
  console.log(`load average ${load()}`);
  if (values.scale === undefined) await measureChanges(world);
  else await measureScale(world, values.scale.split(",").map(Number));
  console.log(`load average ${load()}`);
} finally {
  await world.stop();
}
process.exit(0);
