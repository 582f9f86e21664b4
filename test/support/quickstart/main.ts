/** `npm run quickstart`: a whole gateway with three providers played by stand-ins, put through its paces. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { ensureEnvoy } from "../../../runtime/standalone/envoy/install.ts";
import type { FinishedRequest } from "../../../runtime/telemetry/finished-request.ts";
import { createTelemetry, type Telemetry } from "../../../runtime/telemetry/telemetry.ts";
import { freePort, startTestGateway } from "../gateway.ts";
import { startAnthropic } from "../standins/anthropic/server.ts";
import { startBedrock } from "../standins/bedrock/server.ts";
import { startOpenAi } from "../standins/openai/server.ts";
import { KEYS, MODELS, quickstartConfig, UPSTREAM_MODELS } from "./config.ts";
import { type Shot, type ShotResult, shoot } from "./shots.ts";
import { table } from "./table.ts";

const PORT = 1975;
const WARM_UP_ROUNDS = 3;

const { serve } = new Command("quickstart")
  .description("Runs the gateway on real Envoy against stand-in providers and shows what it did.")
  .option("--serve", "stay up afterwards, to be tried with curl")
  .parse()
  .opts<{ serve?: boolean }>();

const say = (line = ""): void => void process.stdout.write(`${line}\n`);

/** Keeps what the accounting server is told, besides counting it. */
function listening(): Telemetry & { heard: FinishedRequest[] } {
  const telemetry = createTelemetry();
  const heard: FinishedRequest[] = [];
  return {
    ...telemetry,
    heard,
    recorder: {
      ...telemetry.recorder,
      finished(request) {
        heard.push(request);
        telemetry.recorder.finished(request);
      },
    },
  };
}

const shots: Shot[] = [
  { name: "chat → OpenAI", api: "openai", model: MODELS.openai, stream: false },
  { name: "chat → OpenAI, streamed", api: "openai", model: MODELS.openai, stream: true },
  { name: "chat → Anthropic", api: "openai", model: MODELS.anthropic, stream: false },
  { name: "chat → Anthropic, streamed", api: "openai", model: MODELS.anthropic, stream: true },
  { name: "chat → Bedrock", api: "openai", model: MODELS.bedrock, stream: false },
  { name: "chat → Bedrock, streamed", api: "openai", model: MODELS.bedrock, stream: true },
  { name: "messages → Anthropic", api: "anthropic", model: MODELS.anthropic, stream: false },
  {
    name: "messages → Anthropic, streamed",
    api: "anthropic",
    model: MODELS.anthropic,
    stream: true,
  },
  {
    name: "failover: own server down → Bedrock",
    api: "openai",
    model: MODELS.failover,
    stream: false,
  },
];

const startedAt = performance.now();
say("Envoy: looking for it");
const envoyBinary = await ensureEnvoy({ onProgress: (line) => say(`Envoy: ${line}`) });
const folder = await mkdtemp(join(tmpdir(), "aigw-quickstart-"));
const [openai, anthropic, bedrock] = await Promise.all([
  startOpenAi({ apiKey: KEYS.openai, models: [UPSTREAM_MODELS.openai] }),
  startAnthropic({ apiKey: KEYS.anthropic, models: [UPSTREAM_MODELS.anthropic] }),
  startBedrock({ credentials: KEYS.bedrock, models: [UPSTREAM_MODELS.bedrock] }),
]);
say("Providers: stand-ins for OpenAI, Anthropic and AWS Bedrock on this machine");
const config = await quickstartConfig({
  openai: openai.port,
  anthropic: anthropic.port,
  bedrock: bedrock.port,
  nobody: await freePort(),
});
const configPath = join(folder, "quickstart.yaml");
await writeFile(configPath, config);

say("Configuration: the Pulumi program of examples/quickstart, evaluated here");

const telemetry = listening();
const gateway = await startTestGateway(config, {
  envoyBinary,
  telemetry,
  ...(serve ? { port: PORT } : {}),
});
say(`Gateway: ${gateway.url}, started in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
say();

// The first requests of a process pay for its start; what is shown is what follows.
for (let round = 0; round < WARM_UP_ROUNDS; round++) {
  for (const shot of shots) await shoot(gateway.url, shot, telemetry.heard);
}
const results: ShotResult[] = [];
for (const shot of shots) results.push(await shoot(gateway.url, shot, telemetry.heard));
say(table(results));
const failed = results.filter((result) => !result.ok);
for (const { shot, detail } of failed) say(`${shot.name} failed: ${detail}`);

if (serve) {
  say(`Try it:
  curl -s ${gateway.url}/v1/chat/completions -d '{"model":"${MODELS.bedrock}","messages":[{"role":"user","content":"hello"}]}'
  curl -sN ${gateway.url}/anthropic/v1/messages -d '{"model":"${MODELS.anthropic}","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"hello"}]}'
  curl -s ${gateway.url}/v1/models
  curl -s ${gateway.adminUrl}/metrics | grep gen_ai
The configuration is ${configPath}. Ctrl-C ends everything.`);
  await new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
} else {
  say("npm run quickstart -- --serve   stays up, to be tried with curl");
}
await gateway.close();
await Promise.all([openai, anthropic, bedrock].map((standIn) => standIn.close()));
await rm(folder, { recursive: true, force: true });
process.exitCode = failed.length > 0 ? 1 : 0;
