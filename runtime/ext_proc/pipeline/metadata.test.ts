import { AttemptMetadata } from "./metadata.ts";

test("a cost whose expression fails keeps the value that it had, and is told of", () => {
  const failed: string[] = [];
  const metadata = new AttemptMetadata(
    {
      v: 1,
      route: "n/r",
      backend: "n/b",
      schema: "OpenAI",
      costs: [
        { key: "bad", type: "CEL", cel: "input_tokens / uint(0)" },
        { key: "good", type: "CEL", cel: "input_tokens * uint(2)" },
      ],
    },
    { reporting: "always", originalModel: "a", model: "b", inputEstimate: 10 },
    ({ key }) => failed.push(key),
  );
  const { values } = metadata.request();
  expect(values).toMatchObject({ good: 20 });
  expect(values).not.toHaveProperty("bad");
  expect(failed).toEqual(["bad"]);
});

test("latency between tokens is per gap, and none where there is none", () => {
  const metadata = new AttemptMetadata(
    { v: 1, route: "n/r", backend: "n/b", schema: "OpenAI" },
    { reporting: "always", originalModel: "a", model: "b", inputEstimate: 10 },
    () => undefined,
  );
  const told = (outputTokens: number) =>
    metadata.answer({
      usage: { outputTokens },
      responseModel: undefined,
      outputEstimate: 0,
      firstTokenMs: 100,
      lastTokenMs: 400,
    }).values;
  expect(told(4)).toMatchObject({ token_latency_ttft: 100, token_latency_itl: 100 });
  expect(told(1)).toMatchObject({ token_latency_itl: 0 });
});
