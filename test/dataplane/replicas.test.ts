/** Of two replicas of ext_proc one cannot be reached: no request fails, since the other is asked. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { DEFAULT_PREFIXES } from "../../runtime/endpoints/prefixes.ts";
import { assemble } from "../../runtime/standalone/assemble.ts";
import { loadConfig } from "../../runtime/standalone/config/load.ts";
import { type ExtProc, startExtProcWorkers } from "../../runtime/standalone/ext-proc.ts";
import { prepare } from "../../runtime/standalone/prepare.ts";
import { toProtobuf } from "../../runtime/standalone/protobuf.ts";
import { envoyVersions, startTestEnvoy, type TestEnvoy } from "../support/envoy.ts";
import { freePort } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

const REQUESTS = 40;
const BUFFER_BYTES = 32 * 1024 * 1024;

let folder: string;
let openai: StandIn;
let extProc: ExtProc;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aigw-replicas-"));
  openai = await startOpenAi();
  extProc = await startExtProcWorkers({
    main: resolve("runtime/ext_proc/main.ts"),
    socketPath: join(folder, "ext_proc.sock"),
    workers: 1,
    bufferBytes: BUFFER_BYTES,
    log: pino({ level: "silent" }),
  });
});
afterAll(async () => {
  await extProc?.close();
  await openai?.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(envoyVersions)("Envoy %s", (version) => {
  let envoy: TestEnvoy | undefined;
  afterEach(() => envoy?.stop());

  test("streams go to the replica that can be reached", async () => {
    const path = join(folder, "config.yaml");
    await writeFile(
      path,
      documents(
        gatewayResource(),
        // A cost that only ext_proc can reckon makes the request a translated one.
        routeResource(
          [{ model: "gpt", backends: "[{name: openai, modelNameOverride: gpt-4o-mini}]" }],
          "llmRequestCosts: [{metadataKey: price, type: CEL, cel: total_tokens}]",
        ),
        backendResource("openai", {
          port: openai.port,
          key: { type: "APIKey", value: OPENAI_KEY },
        }),
      ),
    );
    const { gateway } = prepare(await loadConfig({ path, env: {} }));
    if (gateway === undefined) throw new Error("the configuration has no Gateway");
    const port = await freePort();
    const resources = assemble(gateway, {
      listen: { host: "127.0.0.1", port },
      extProc: [{ path: join(folder, "nobody.sock") }, ...extProc.addresses],
      prefixes: DEFAULT_PREFIXES,
      bufferBytes: BUFFER_BYTES,
      systemCaFile: "/etc/ssl/certs/ca-certificates.crt",
      accessLog: false,
    });
    envoy = await startTestEnvoy(version, { concurrency: 1 });
    expect(await envoy.ads.set(toProtobuf(resources))).toEqual({ ok: true });
    await envoy.envoy.ready();
    const statuses: number[] = [];
    for (let index = 0; index < REQUESTS; index += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "gpt", messages: [{ role: "user", content: "hi" }] }),
      });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
    expect(statuses).toEqual(statuses.map(() => 200));
  });
});
