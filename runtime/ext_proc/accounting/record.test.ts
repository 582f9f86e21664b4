import { endpointById } from "../../endpoints/registry.ts";
import { readFinishedLine } from "../../program/finished-line.ts";
import type { FinishedRequest } from "../../telemetry/finished-request.ts";
import { recordOf } from "./record.ts";
import { finishedLine, type LineFacts } from "./testdata/line.ts";

const read = (text: string): ReturnType<typeof recordOf> =>
  recordOf(readFinishedLine(text), endpointById);

function requestOf(facts: LineFacts): FinishedRequest {
  const reading = read(finishedLine(facts));
  if (reading.kind !== "request") throw new Error(`skipped: ${reading.reason}`);
  return reading.request;
}

test("a whole answer", () => {
  const request = requestOf({
    modelNameOverride: "gpt-5-nano",
    usage: {
      inputTokens: 12,
      outputTokens: 5,
      reasoningTokens: 2,
      model: "gpt-5-nano-2025-08-07",
    },
  });
  expect(request).toEqual({
    operation: "chat",
    provider: "openai",
    originalModel: "gpt-5",
    requestModel: "gpt-5-nano",
    responseModel: "gpt-5-nano-2025-08-07",
    lane: "native",
    succeeded: true,
    duration: 1.5,
    timeToFirstToken: undefined,
    timePerOutputToken: undefined,
    overhead: expect.closeTo(0.003, 9),
    usage: { inputTokens: 12, outputTokens: 5, reasoningTokens: 2 },
    usageMissing: false,
  });
});

test("a native stream: token times from the provider's bytes", () => {
  const request = requestOf({
    contentType: "text/event-stream; charset=utf-8",
    stream: { "gen_ai.usage.output_tokens": 11 },
  });
  expect(request.timeToFirstToken).toBeCloseTo(0.4, 9);
  expect(request.timePerOutputToken).toBeCloseTo(0.1, 9);
});

test("a translated stream: token times as ext_proc measured them", () => {
  const request = requestOf({
    contentType: "text/event-stream",
    lane: "translated",
    usage: { outputTokens: 11, firstToken: 250, betweenTokens: 20 },
  });
  expect(request).toMatchObject({
    lane: "translated",
    timeToFirstToken: 0.25,
    timePerOutputToken: 0.02,
  });
});

test("a stream of one token has no time between two", () => {
  const request = requestOf({
    contentType: "text/event-stream",
    usage: { outputTokens: 1, firstToken: 250, betweenTokens: 0 },
  });
  expect(request).toMatchObject({ timeToFirstToken: 0.25, timePerOutputToken: undefined });
});

test("Anthropic's input tokens leave out those of the prompt cache: they are added", () => {
  const request = requestOf({
    endpoint: "messages",
    provider: "anthropic",
    stream: {
      "gen_ai.usage.uncached_input_tokens": 4,
      "gen_ai.usage.cached_input_tokens": 100,
      "gen_ai.usage.cache_creation_input_tokens": 20,
      "gen_ai.usage.output_tokens": 7,
    },
  });
  expect(request).toMatchObject({
    operation: "messages",
    provider: "anthropic",
    usage: {
      inputTokens: 124,
      cachedInputTokens: 100,
      cacheCreationInputTokens: 20,
      outputTokens: 7,
    },
  });
});

test("a 2xx without usage is told apart; estimates of costs are no usage", () => {
  const request = requestOf({});
  expect(request).toMatchObject({ succeeded: true, usage: undefined, usageMissing: true });
});

test("a failure spends nothing, whatever an attempt has left behind", () => {
  const request = requestOf({
    status: 500,
    contentType: "text/event-stream",
    stream: { "gen_ai.usage.input_tokens": 12 },
  });
  expect(request).toMatchObject({
    succeeded: false,
    usage: undefined,
    usageMissing: false,
    timeToFirstToken: undefined,
  });
});

test("a stream that broke off is no success, but what it told of usage counts", () => {
  const request = requestOf({
    contentType: "text/event-stream",
    stream: { "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 6 },
    flags: "DC",
  });
  expect(request).toMatchObject({
    succeeded: false,
    usage: { inputTokens: 12, outputTokens: 6 },
    usageMissing: false,
    timePerOutputToken: undefined,
  });
  expect(request.timeToFirstToken).toBeCloseTo(0.4, 9);
});

test("a body that is sent on while it arrives adds no negative time", () => {
  const request = requestOf({ received: 50, sent: 3 });
  expect(request.overhead).toBeCloseTo(0.001, 9);
});

test("waiting for the rest of an answer that is read whole is not the gateway's time", () => {
  const request = requestOf({ returned: 1405, done: 1406 });
  expect(request.overhead).toBeCloseTo(0.002 + 0.006, 9);
});

test("the overhead of a request that was tried twice is not known", () => {
  expect(requestOf({ attempts: 2 }).overhead).toBe(undefined);
});

test("an answer of the gateway's own, before a provider was reached", () => {
  const request = requestOf({ status: 422, done: 2 });
  expect(request).toMatchObject({ succeeded: false, duration: 0.002, usage: undefined });
});

test.each([
  ["not-ai", finishedLine({ endpoint: "-" })],
  ["not-ai", finishedLine({ endpoint: "models" })],
  ["no-backend", finishedLine({ provider: "-", status: 404 })],
  ["not-the-end", finishedLine({ logType: "DownstreamPeriodic" })],
  ["unreadable", "nothing of ours"],
])("skips what is %s", (reason, text) => {
  expect(read(text)).toEqual({ kind: "skipped", reason });
});
