/** Has every program of a cluster of processes ready, with progress. */
import { spawnSync } from "node:child_process";
import { ensureEnvoy } from "../../../runtime/standalone/envoy/install.ts";
import { built } from "../kube/go-build.ts";
import {
  envoyGateway,
  etcd,
  helm,
  kubeApiserver,
  kubeControllerManager,
  pulumi,
  rateLimit,
} from "../kube/tools.ts";

const say = (line: string): void => void process.stderr.write(`prepare: ${line}\n`);

/** Redis comes from the system's packages: it has no module or wheel. */
function ensureRedis(): void {
  const there = (): boolean =>
    spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;
  if (there()) return;
  const byHand =
    "redis-server is needed for rate limits. On Debian and Ubuntu: apt-get install redis-server.";
  const apt = spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
  if (process.getuid?.() !== 0 || !apt) throw new Error(byHand);
  say("installing redis-server with apt-get");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "redis-server"]]) {
    spawnSync("apt-get", args, { env, stdio: "ignore" });
    if (there()) return;
  }
  throw new Error(`apt-get could not install it. ${byHand}`);
}

try {
  ensureRedis();
  await ensureEnvoy({ onProgress: say });
  for (const tool of [
    etcd,
    kubeApiserver,
    kubeControllerManager,
    envoyGateway,
    rateLimit,
    pulumi,
    helm,
  ]) {
    await built(tool, say);
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
