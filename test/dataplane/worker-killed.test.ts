/** A process of ext_proc dies under load: what it held gets an error in the client's shape, nobody else notices. */
import { setTimeout as sleep } from "node:timers/promises";
import { envoyVersions } from "../support/envoy.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import {
  BEDROCK_CREDENTIALS,
  BEDROCK_MODELS,
  startBedrock,
} from "../support/standins/bedrock/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

const [bedrockModel = ""] = BEDROCK_MODELS;
const IN_FLIGHT = 5;

describe.each(envoyVersions)("Envoy %s", (version) => {
  let openai: StandIn;
  let bedrock: StandIn;
  let gateway: TestGateway;

  beforeAll(async () => {
    [openai, bedrock] = await Promise.all([startOpenAi(), startBedrock()]);
    const { accessKeyId: id, secretAccessKey: secret } = BEDROCK_CREDENTIALS;
    gateway = await startTestGateway(
      documents(
        gatewayResource(),
        routeResource([
          { model: "native", backends: "[{name: openai, modelNameOverride: gpt-4o-mini}]" },
          { model: "bedrock", backends: `[{name: bedrock, modelNameOverride: "${bedrockModel}"}]` },
        ]),
        backendResource("openai", {
          port: openai.port,
          key: { type: "APIKey", value: OPENAI_KEY },
        }),
        backendResource("bedrock", {
          schema: "AWSBedrock",
          port: bedrock.port,
          key: { type: "aws", id, secret },
        }),
      ),
      { version, extProcWorkers: 2 },
    );
  });
  afterAll(async () => {
    await gateway?.close();
    await Promise.all([openai, bedrock].map((standIn) => standIn?.close()));
  });

  const chat = (model: string, content: string) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
      signal: AbortSignal.timeout(30_000),
    });

  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let waited = 0; !(await holds()); waited += 20) {
      if (waited > 20_000) throw new Error("it did not come to that");
      await sleep(20);
    }
  };

  test("in-flight translations fail clearly, native requests go on, and workers come again", async () => {
    const content = "take your time";
    const before = { bedrock: bedrock.requests.length, openai: openai.requests.length };
    for (let i = 0; i < IN_FLIGHT; i++) {
      for (const it of [openai, bedrock]) it.fail({ kind: "delay", ms: 3000, match: content });
    }
    const translated = Array.from({ length: IN_FLIGHT }, () => chat("bedrock", content));
    const native = Array.from({ length: IN_FLIGHT }, () => chat("native", content));
    await until(
      () =>
        bedrock.requests.length >= before.bedrock + IN_FLIGHT &&
        openai.requests.length >= before.openai + IN_FLIGHT,
    );
    const killed = gateway.extProcPids();
    for (const pid of killed) process.kill(pid, "SIGKILL");

    for (const response of await Promise.all(translated)) {
      expect(response.status).toBeGreaterThanOrEqual(500);
      expect(response.headers.get("content-type")).toContain("application/json");
      expect(await response.json()).toMatchObject({
        error: { message: expect.stringMatching(/./), type: expect.stringMatching(/./) },
      });
    }
    expect((await Promise.all(native)).map(({ status }) => status)).toEqual(native.map(() => 200));
    await until(async () => (await chat("bedrock", "again")).status === 200);
    expect(gateway.extProcPids().filter((pid) => killed.includes(pid))).toEqual([]);
  });
});
