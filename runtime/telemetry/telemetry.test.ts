import type { FinishedRequest } from "./finished-request.ts";
import { createTelemetry } from "./telemetry.ts";

const REQUEST: FinishedRequest = {
  operation: "chat",
  provider: "aws.bedrock",
  originalModel: "claude",
  requestModel: "anthropic.claude-v4",
  responseModel: undefined,
  lane: "translated",
  succeeded: true,
  duration: 1.5,
  timeToFirstToken: 0.3,
  timePerOutputToken: 0.03,
  overhead: 0.002,
  usage: {
    inputTokens: 300,
    outputTokens: 20,
    totalTokens: 320,
    cachedInputTokens: 200,
    cacheCreationInputTokens: 50,
    reasoningTokens: 5,
  },
  usageMissing: false,
};

const scrape = async (...requests: FinishedRequest[]): Promise<string[]> => {
  const telemetry = createTelemetry();
  for (const request of requests) telemetry.recorder.finished(request);
  return (await telemetry.metrics()).split("\n");
};

/** Bounds of the buckets of a histogram, in the order in which they are shown. */
const boundsOf = (lines: string[], name: string, label = ""): string[] =>
  lines
    .filter((line) => line.startsWith(`${name}_bucket{`) && line.includes(label))
    .map((line) => /le="([^"]+)"/.exec(line)?.[1] ?? "");

test("histograms have the names and buckets that dashboards know", async () => {
  const lines = await scrape(REQUEST);
  expect(boundsOf(lines, "gen_ai_client_token_usage", 'token_type="input"')).toEqual(
    "1 4 16 64 256 1024 4096 16384 65536 262144 1048576 4194304 16777216 67108864 +Inf".split(" "),
  );
  expect(boundsOf(lines, "gen_ai_server_request_duration_seconds")).toEqual(
    "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92 +Inf".split(" "),
  );
  expect(boundsOf(lines, "gen_ai_server_time_to_first_token_seconds")).toEqual(
    "0.001 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10 15 20 30 45 60 +Inf".split(
      " ",
    ),
  );
  expect(boundsOf(lines, "gen_ai_server_time_per_output_token_seconds")).toEqual(
    "0.01 0.025 0.05 0.075 0.1 0.15 0.2 0.3 0.4 0.5 0.75 1 2.5 +Inf".split(" "),
  );
  expect(boundsOf(lines, "aigw_gateway_overhead_seconds")).toHaveLength(15);
  expect(lines).toContain("# TYPE gen_ai_server_request_duration_seconds histogram");
});

test("attributes, and one series a type of token", async () => {
  const lines = await scrape(REQUEST);
  const base =
    'gen_ai_operation_name="chat",gen_ai_provider_name="aws.bedrock",gen_ai_original_model="claude",gen_ai_request_model="anthropic.claude-v4",gen_ai_response_model="unknown"';
  const scope = 'otel_scope_name="envoyproxy/ai-gateway"';
  expect(lines).toContain(`gen_ai_server_request_duration_seconds_sum{${base},${scope}} 1.5`);
  expect(lines.filter((line) => line.startsWith("gen_ai_client_token_usage_sum"))).toEqual(
    Object.entries({
      input: 300,
      cached_input: 200,
      cache_creation_input: 50,
      output: 20,
      reasoning: 5,
    }).map(
      ([type, sum]) =>
        `gen_ai_client_token_usage_sum{${base},gen_ai_token_type="${type}",${scope}} ${sum}`,
    ),
  );
});

test("a failure is marked on the duration alone", async () => {
  const lines = await scrape({
    ...REQUEST,
    succeeded: false,
    usage: undefined,
    timePerOutputToken: undefined,
  });
  const marked = lines.filter((line) => line.includes('error_type="_OTHER"'));
  expect(marked.length).toBeGreaterThan(0);
  for (const line of marked) expect(line).toMatch(/^gen_ai_server_request_duration_seconds_/);
  expect(lines.some((line) => line.startsWith("gen_ai_client_token_usage"))).toBe(false);
  expect(lines.some((line) => line.startsWith("gen_ai_server_time_per_output_token"))).toBe(false);
});

test("the models that clients name cannot swell a scrape without bound", async () => {
  const requests = Array.from({ length: 3000 }, (_, n) => ({
    ...REQUEST,
    originalModel: `model-${n}`,
    usage: undefined,
  }));
  const lines = await scrape(...requests);
  const series = lines.filter((line) =>
    line.startsWith("gen_ai_server_request_duration_seconds_count"),
  );
  expect(series.length).toBeLessThanOrEqual(2000);
  expect(series.some((line) => line.includes('otel_metric_overflow="true"'))).toBe(true);
});
