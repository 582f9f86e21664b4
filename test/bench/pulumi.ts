/** How long `pulumi preview` and `up` take for a gateway of many models: the real engine on a real API server. */
import * as pulumi from "@pulumi/pulumi";
import { AiGateway, openaiCompatible } from "../../components/typed/index.ts";
import { installCrds } from "../support/cluster/crds.ts";
import { startControlPlane } from "../support/kube/control-plane.ts";
import { startEngine } from "../support/pulumi/engine.ts";

const BACKENDS = 20;
const MODELS = 200;

const names = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** Every backend has a route of its own, with its share of the models, each in a rule. */
async function program(extra: string[]): Promise<void> {
  const backends = names(BACKENDS, "backend");
  new AiGateway("ai", {
    backends: Object.fromEntries(
      backends.map((name) => [
        name,
        openaiCompatible({ host: `${name}.example.com`, apiKey: pulumi.secret("sk") }),
      ]),
    ),
    routes: Object.fromEntries(
      backends.map((backend, index) => [
        `route-${index}`,
        {
          rules: [...names(MODELS / BACKENDS, `model-${index}`), ...(index === 0 ? extra : [])].map(
            (model) => ({ models: [model], backends: [{ backend }] }),
          ),
        },
      ]),
    ),
    envoyGateway: { install: false },
    gateway: { awaitReady: false },
    controlPlane: { image: "registry.example.com/envoy-ai-gateway@sha256:0", crds: false },
  });
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function timed(what: string, work: () => Promise<number>): Promise<void> {
  const before = performance.now();
  const resources = await work();
  const ms = performance.now() - before;
  say(
    `${what.padEnd(24)} ${(ms / 1000).toFixed(1)} s, ${(ms / resources).toFixed(0)} ms for each of ${resources} resources`,
  );
}

const total = (changes: Record<string, number | undefined> = {}): number =>
  Object.values(changes).reduce<number>((sum, count) => sum + (count ?? 0), 0);

const plane = await startControlPlane({
  controllers: ["namespace-controller", "garbage-collector-controller"],
  prepare: installCrds,
});
const engine = await startEngine(plane.kubeconfig);
try {
  say(`${MODELS} models over ${BACKENDS} backends`);
  const stack = await engine.stack("many", () => program([]));
  await timed("preview", async () => total((await stack.preview()).changeSummary));
  await timed("up", async () => total((await stack.up()).summary.resourceChanges));
  await timed("up, nothing changed", async () => total((await stack.up()).summary.resourceChanges));
  const changed = await engine.stack("many", () => program(["one-more"]));
  await timed("up, one model more", async () =>
    total((await changed.up()).summary.resourceChanges),
  );
  await timed("destroy", async () => total((await changed.destroy()).summary.resourceChanges));
} finally {
  await engine.close();
  await plane.stop();
}
