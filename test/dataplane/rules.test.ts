/**
 * The rules that make the data plane safe, each by a request that goes wrong where the rule is broken.
 * CONTRIBUTING.md lists them by number.
 */
import { once } from "node:events";
import { connect } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { envoyVersions } from "../support/envoy.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { ANTHROPIC_KEY, startAnthropic } from "../support/standins/anthropic/server.ts";
import {
  BEDROCK_CREDENTIALS,
  BEDROCK_MODELS,
  startBedrock,
} from "../support/standins/bedrock/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

const [bedrockModel = ""] = BEDROCK_MODELS;
const other = "sk-other-backend";

describe.each(envoyVersions)("Envoy %s", (version) => {
  let openai: StandIn;
  let second: StandIn;
  let bedrock: StandIn;
  let anthropic: StandIn;
  let gateway: TestGateway;

  beforeAll(async () => {
    [openai, second, bedrock, anthropic] = await Promise.all([
      startOpenAi(),
      startOpenAi({ apiKey: other }),
      startBedrock(),
      startAnthropic(),
    ]);
    gateway = await startTestGateway(config(), { version });
  });
  afterAll(async () => {
    await gateway?.close();
    await Promise.all([openai, second, bedrock, anthropic].map((standIn) => standIn?.close()));
  });

  const aws = {
    type: "aws",
    id: BEDROCK_CREDENTIALS.accessKeyId,
    secret: BEDROCK_CREDENTIALS.secretAccessKey,
  } as const;

  const config = (): string =>
    documents(
      gatewayResource(),
      routeResource(
        [
          { model: "native", backends: "[{name: openai, modelNameOverride: gpt-4o-mini}]" },
          { model: "bedrock", backends: `[{name: bedrock, modelNameOverride: "${bedrockModel}"}]` },
          {
            model: "failover-native",
            backends:
              "[{name: openai, modelNameOverride: gpt-4o-mini}, {name: second, priority: 1, modelNameOverride: gpt-4o-mini}]",
          },
          {
            model: "failover-translated",
            backends: `[{name: openai, modelNameOverride: gpt-4o-mini}, {name: bedrock, priority: 1, modelNameOverride: "${bedrockModel}"}]`,
          },
          {
            model: "failover-versions",
            backends:
              "[{name: claude, modelNameOverride: claude-haiku-4-5}, {name: second, priority: 1, modelNameOverride: gpt-4o-mini}]",
          },
          {
            model: "failover-mixed-kinds",
            backends:
              "[{name: named, modelNameOverride: gpt-4o-mini}, {name: second, priority: 1, modelNameOverride: gpt-4o-mini}]",
          },
          {
            model: "open-second",
            backends:
              "[{name: openai, modelNameOverride: gpt-4o-mini}, {name: open, priority: 1, modelNameOverride: gpt-4o-mini}]",
          },
        ],
        "llmRequestCosts: [{metadataKey: in_tokens, type: InputToken}, {metadataKey: out_tokens, type: OutputToken}]",
      ),
      backendResource("openai", { port: openai.port, key: { type: "APIKey", value: OPENAI_KEY } }),
      backendResource("named", {
        port: openai.port,
        host: "localhost",
        key: { type: "APIKey", value: OPENAI_KEY },
      }),
      backendResource("second", { port: second.port, key: { type: "APIKey", value: other } }),
      backendResource("open", { port: second.port }),
      backendResource("claude", {
        schema: "Anthropic",
        port: anthropic.port,
        key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
      }),
      backendResource("bedrock", { schema: "AWSBedrock", port: bedrock.port, key: aws }),
    );

  const chat = (
    model: string,
    more: object = {},
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer client", ...headers },
      body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }], ...more }),
    });

  const lastLog = async (): Promise<Record<string, unknown>> => {
    // Envoy flushes its log ten times a second.
    await sleep(250);
    return gateway.requests.at(-1) ?? {};
  };

  test("1: a forged model header and a broken body pick no route", async () => {
    const before = openai.requests.length;
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        "x-ai-eg-model": "native",
        "x-ai-eg-lane": "native",
        "x-ai-eg-endpoint": "chat-completions",
      },
      body: '{"model": ',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
    expect(openai.requests.length).toBe(before);
  });

  test("1: a body is JSON whatever its content type says", async () => {
    const response = await chat("native", {}, { "content-type": "text/plain" });
    expect(response.status).toBe(200);
  });

  test("2: usage is read for a route that was known only after the body", async () => {
    expect((await chat("native")).status).toBe(200);
    expect(await lastLog()).toMatchObject({
      metadata: { in_tokens: expect.any(Number), out_tokens: expect.any(Number) },
    });
  });

  test("3, 5: priorities over a name and an address: the second backend gets its own key", async () => {
    openai.fail({ kind: "status", status: 503 });
    const response = await chat("failover-mixed-kinds");
    expect(response.status).toBe(200);
    expect(second.requests.at(-1)?.headers.authorization).toBe(`Bearer ${other}`);
  });

  test("3: a key does not travel from the first backend to the second", async () => {
    openai.fail({ kind: "status", status: 503 });
    await chat("open-second", {}, { authorization: `Bearer ${other}`, "x-api-key": "client" });
    const headers = second.requests.at(-1)?.headers;
    // A backend without a credential gets what the client sent, not what attempt one was given.
    expect(headers?.authorization).toBe(`Bearer ${other}`);
    expect(headers?.["x-api-key"]).toBe("client");
  });

  test("3: what one provider is told besides does not reach the next", async () => {
    anthropic.fail({ kind: "status", status: 500 });
    expect((await chat("failover-versions")).status).toBe(200);
    expect(anthropic.requests.at(-1)?.headers["anthropic-version"]).toBe("2023-06-01");
    const headers = second.requests.at(-1)?.headers ?? {};
    expect(Object.keys(headers).filter((name) => name.startsWith("anthropic-"))).toEqual([]);
    expect(headers["x-api-key"]).toBeUndefined();
  });

  test.each(["failover-native", "failover-translated"])(
    "6: 429, 500 and a reset fail over: %s",
    async (model) => {
      for (const failure of [
        { kind: "status", status: 429 },
        { kind: "status", status: 500 },
        { kind: "reset" },
      ] as const) {
        openai.fail(failure);
        const response = await chat(model);
        expect([failure, response.status]).toEqual([failure, 200]);
      }
    },
  );

  test("7: a body above Envoy's own default limits fails over whole; above ours it is refused in shape", async () => {
    openai.fail({ kind: "status", status: 503 });
    const big = "x".repeat(5 * 1024 * 1024);
    const served = await chat("failover-native", { messages: [{ role: "user", content: big }] });
    expect(served.status).toBe(200);
    expect(second.requests.at(-1)?.body.length).toBeGreaterThan(big.length);

    const refused = await chat("native", {
      messages: [{ role: "user", content: "x".repeat(50 * 1024 * 1024) }],
    });
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });

  test("7: a client that reads slowly costs neither its answer nor Envoy", async () => {
    const client = connect(gateway.url, { settings: { initialWindowSize: 65_535 } });
    const stream = client.request({ ":method": "POST", ":path": "/v1/chat/completions" });
    const content = "All work and no play. ".repeat(10_000);
    stream.end(
      JSON.stringify({ model: "bedrock", stream: true, messages: [{ role: "user", content }] }),
    );
    stream.pause();
    await sleep(2000);
    let bytes = 0;
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stream.resume();
    await once(stream, "close");
    client.close();
    expect(bytes).toBeGreaterThan(10 * 1024 * 1024);
  });

  test("8: an answer is not compressed where usage has to be read", async () => {
    await chat("native", {}, { "accept-encoding": "gzip" });
    expect(openai.requests.at(-1)?.headers["accept-encoding"]).toBeUndefined();
  });

  test("8: every key that a failed attempt wrote is written anew", async () => {
    openai.fail({ kind: "status", status: 500 });
    expect((await chat("failover-translated")).status).toBe(200);
    const { metadata } = (await lastLog()) as { metadata: Record<string, unknown> };
    expect(metadata).toMatchObject({ ai_service_backend_name: "default/bedrock" });
    expect(metadata.in_tokens).toBeGreaterThan(0);
  });

  test("8: a client that leaves early is charged an estimate", async () => {
    bedrock.fail({ kind: "slow", ms: 200 });
    const controller = new AbortController();
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      signal: controller.signal,
      body: JSON.stringify({
        model: "bedrock",
        stream: true,
        messages: [{ role: "user", content: "a long story please ".repeat(20) }],
      }),
    });
    const reader = response.body?.getReader();
    await reader?.read();
    controller.abort();
    await sleep(300);
    const { metadata } = (await lastLog()) as { metadata: Record<string, unknown> };
    expect(metadata.in_tokens).toBeGreaterThan(0);
  });

  test("9: bytes stay the user's: only the model changes", async () => {
    const raw =
      '{ "seed" : 12345678901234567890,\n "messages":[{"content":"\\u00e9","role":"user"}],  "model":"native" }';
    await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body: raw });
    expect(openai.requests.at(-1)?.body.toString()).toBe(raw.replace('"native"', '"gpt-4o-mini"'));
  });

  test("11: a configuration that means the same replaces nothing", async () => {
    const modified = async (): Promise<number> => {
      const { body } = await gateway.envoy.adminGet(
        "/stats?filter=cluster_manager.cluster_(added|modified|updated)",
      );
      return [...body.matchAll(/: (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const before = await modified();
    const reordered = config().split("\n---\n").reverse().join("\n---\n# a comment\n");
    expect(await gateway.change(reordered)).toMatchObject({ ok: true });
    expect(await modified()).toBe(before);
  });

  test("12: more streams at once than Envoy's default limit of 1,024", async () => {
    const streams = 1200;
    bedrock.fail({ kind: "delay", ms: 1500, times: streams });
    const statuses = await Promise.all(
      Array.from({ length: streams }, async () => {
        const response = await chat("bedrock", { stream: true });
        await response.text();
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  test("13: an AWS backend signs what is sent, on its first connection too", async () => {
    const response = await chat("bedrock");
    expect(response.status).toBe(200);
    const { metadata } = (await lastLog()) as { metadata: Record<string, unknown> };
    expect(metadata.in_tokens).toBeGreaterThan(0);
  });

  test("14: what Envoy answers itself has the client's shape", async () => {
    const unknown = await chat("nobody-serves-this");
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      error: { message: expect.stringContaining("nobody-serves-this") },
    });
    const anthropicShape = await fetch(`${gateway.url}/anthropic/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "nobody-serves-this", max_tokens: 1, messages: [] }),
    });
    expect(anthropicShape.status).toBe(404);
    expect(await anthropicShape.json()).toMatchObject({
      type: "error",
      error: { type: "not_found_error" },
    });
  });

  test("no key is in Envoy's dump of its configuration", async () => {
    const { body } = await gateway.envoy.adminGet("/config_dump?include_eds");
    for (const secret of [OPENAI_KEY, other, BEDROCK_CREDENTIALS.secretAccessKey]) {
      expect(body).not.toContain(secret);
    }
  });

  // Last: they take ext_proc away.
  test("15: without ext_proc nothing that needs it passes", async () => {
    const before = bedrock.requests.length;
    for (const pid of gateway.extProcPids()) process.kill(pid, "SIGSTOP");
    try {
      const response = await Promise.race([chat("bedrock"), sleep(3000)]);
      expect(response === undefined || (response as Response).status >= 500).toBe(true);
      expect(bedrock.requests.length).toBe(before);
      expect((await chat("native")).status).toBe(200);
    } finally {
      for (const pid of gateway.extProcPids()) process.kill(pid, "SIGCONT");
    }
  });

  test("12: an ext_proc that is told to end ends what it has begun first", async () => {
    const content = "take your time";
    bedrock.fail({ kind: "slow", ms: 150, match: content });
    const response = await chat("bedrock", {
      stream: true,
      messages: [{ role: "user", content }],
    });
    for (const pid of gateway.extProcPids()) process.kill(pid, "SIGTERM");
    const body = await response.text();
    expect(body).toContain('finish_reason":"stop');
    expect(body.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });
});
