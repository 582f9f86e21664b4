/** What a request spent and how long it took, from real Envoy's access log to the metrics. */
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
  ANTHROPIC_KEY,
  ANTHROPIC_MODELS,
  startAnthropic,
} from "../support/standins/anthropic/server.ts";
import {
  BEDROCK_CREDENTIALS,
  BEDROCK_MODELS,
  startBedrock,
} from "../support/standins/bedrock/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

const [bedrockModel = ""] = BEDROCK_MODELS;
const [claude = ""] = ANTHROPIC_MODELS;

/** In every name that an expression knows. */
const PRICE =
  "model == 'gpt-4o-mini' && backend == 'openai.default' && route_name == 'default/priced' ? 1000u * input_tokens + output_tokens : 7u";

describe.each(envoyVersions)("Envoy %s", (version) => {
  let openai: StandIn;
  let bedrock: StandIn;
  let anthropic: StandIn;
  let gateway: TestGateway;

  beforeAll(async () => {
    [openai, bedrock, anthropic] = await Promise.all([
      startOpenAi(),
      startBedrock(),
      startAnthropic(),
    ]);
    gateway = await startTestGateway(config(), { version });
  });
  afterAll(async () => {
    await gateway?.close();
    await Promise.all([openai, bedrock, anthropic].map((standIn) => standIn?.close()));
  });

  const config = (): string =>
    documents(
      gatewayResource(),
      routeResource([
        { model: "native", backends: "[{name: openai, modelNameOverride: gpt-4o-mini}]" },
        { model: "bedrock", backends: `[{name: bedrock, modelNameOverride: "${bedrockModel}"}]` },
        { model: "claude", backends: `[{name: anthropic, modelNameOverride: "${claude}"}]` },
      ]),
      routeResource(
        [{ model: "priced", backends: "[{name: openai, modelNameOverride: gpt-4o-mini}]" }],
        `llmRequestCosts: [{metadataKey: price, type: CEL, cel: "${PRICE}"}]`,
        "priced",
      ),
      backendResource("openai", { port: openai.port, key: { type: "APIKey", value: OPENAI_KEY } }),
      backendResource("anthropic", {
        schema: "Anthropic",
        port: anthropic.port,
        key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
      }),
      backendResource("bedrock", {
        schema: "AWSBedrock",
        port: bedrock.port,
        key: {
          type: "aws",
          id: BEDROCK_CREDENTIALS.accessKeyId,
          secret: BEDROCK_CREDENTIALS.secretAccessKey,
        },
      }),
    );

  const ask = async (path: string, body: object): Promise<string> => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ messages: [{ role: "user", content: "hello" }], ...body }),
    });
    return response.text();
  };
  const chat = (body: object): Promise<string> => ask("/v1/chat/completions", body);

  type Series = (name: string, ...labels: string[]) => number;

  /** Sums of the samples of a name that have all of the labels. */
  const scrape = async (): Promise<Series> => {
    const lines = (await (await fetch(`${gateway.adminUrl}/metrics`)).text()).split("\n");
    return (name, ...labels) =>
      lines
        .filter((line) => line.startsWith(`${name}{`))
        .filter((line) => labels.every((label) => line.includes(label)))
        .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  };

  /** Envoy flushes its records five times a second. */
  const scrapeAfter = async (records: number): Promise<Series> => {
    for (let tries = 0; tries < 50; tries++) {
      const series = await scrape();
      if (series("aigw_accounting_records_total") >= records) return series;
      await sleep(100);
    }
    throw new Error(`${records} records did not come`);
  };

  test("tokens and times of both lanes, plain and streamed", async () => {
    const streamed = { stream: true, stream_options: { include_usage: true } };
    await chat({ model: "native" });
    await chat({ model: "native", ...streamed });
    await chat({ model: "bedrock" });
    await chat({ model: "bedrock", ...streamed });
    await ask("/anthropic/v1/messages", { model: "claude", max_tokens: 64 });
    await ask("/anthropic/v1/messages", { model: "claude", max_tokens: 64, stream: true });
    await chat({ model: "nobody" });
    await chat({ model: "bedrock", temperature: "hot" });
    await fetch(`${gateway.url}/v1/models`);

    const series = await scrapeAfter(9);
    // Each stand-in counts 2 tokens in the question and 4 in its answer; each was asked twice.
    for (const [provider, operation, model] of [
      ["openai", "chat", "native"],
      ["aws.bedrock", "chat", "bedrock"],
      ["anthropic", "messages", "claude"],
    ]) {
      const of = [
        `gen_ai_provider_name="${provider}"`,
        `gen_ai_operation_name="${operation}"`,
        `gen_ai_original_model="${model}"`,
      ];
      const tokens = "gen_ai_client_token_usage";
      const kept = {
        provider,
        input: series(`${tokens}_sum`, 'type="input"', ...of),
        inputs: series(`${tokens}_count`, 'type="input"', ...of),
        output: series(`${tokens}_sum`, 'type="output"', ...of),
        firstTokens: series("gen_ai_server_time_to_first_token_seconds_count", ...of),
        perToken: series("gen_ai_server_time_per_output_token_seconds_count", ...of),
      };
      expect(kept).toEqual({
        provider,
        input: 4,
        inputs: 2,
        output: 8,
        firstTokens: 1,
        perToken: 1,
      });
    }
    const duration = "gen_ai_server_request_duration_seconds_count";
    expect(series(duration)).toBe(7);
    expect(series(duration, 'error_type="_OTHER"')).toBe(1);
    expect(series(duration, 'gen_ai_response_model="gpt-4o-mini')).toBe(2);
    expect(series("aigw_accounting_usage_missing_total")).toBe(0);
    expect(series("aigw_gateway_overhead_seconds_count", 'aigw_lane="native"')).toBe(4);
    expect(series("aigw_gateway_overhead_seconds_count", 'aigw_lane="translated"')).toBe(2);
    expect(series("aigw_accounting_records_total", 'kind="request"')).toBe(7);
  });

  test("an answer without usage is counted", async () => {
    const earlier = await scrape();
    const missing = "aigw_accounting_usage_missing_total";
    await chat({ model: "native", stream: true });
    const after = await scrapeAfter(earlier("aigw_accounting_records_total") + 1);
    expect(after(missing, 'gen_ai_provider_name="openai"')).toBe(earlier(missing) + 1);
  });

  test("a price by expression is in the request's metadata", async () => {
    await chat({ model: "priced" });
    for (let tries = 0; tries < 50 && gateway.requests.at(-1)?.model !== "priced"; tries++) {
      await sleep(100);
    }
    expect(gateway.requests.at(-1)).toMatchObject({ metadata: { price: 2004 } });
  });
});
