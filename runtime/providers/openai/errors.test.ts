import { openAiProviderError, streamedError } from "../../conversation/openai/errors.ts";

const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  openAiProviderError(
    status,
    (name) => headers[name],
    Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  );

describe("the shapes in use", () => {
  test.each([
    ["OpenAI's", { error: { message: "no", type: "t", code: null } }],
    ["a text as the error", { error: "no" }],
    ["a message alone", { object: "error", message: "no", code: 40303 }],
    ["a detail", { detail: "no" }],
    ["plain text", "no"],
  ])("%s", (_, body) => {
    expect(read(400, body)).toEqual({ status: 400, kind: "invalid-request", message: "no" });
  });

  test.each(["", "<html>Bad Gateway</html>", "{}", "null"])("nothing to tell: %p", (body) => {
    expect(read(502, body)).toMatchObject({ status: 502, kind: "server" });
  });

  test("a validation report is a text like any other", () => {
    const detail = [{ loc: ["body", "n"], msg: "too many" }];
    expect(read(422, { detail }).message).toContain("too many");
  });
});

test("a long prompt is told from other mistakes, by code or in words", () => {
  const error = (message: string, code: string | null) => ({ error: { message, code } });
  expect(read(400, error("x", "context_length_exceeded")).kind).toBe("context-window");
  expect(read(400, error("This model's maximum context length is 8", null)).kind).toBe(
    "context-window",
  );
  expect(read(500, error("too many tokens", null)).kind).toBe("server");
});

test("what is wrong with the gateway's key is not told", () => {
  const error = { message: "Incorrect API key provided: sk-secret", code: "invalid_api_key" };
  expect(JSON.stringify(read(401, { error }))).not.toContain("secret");
});

test("the time to wait comes from the header", () => {
  expect(read(429, {}, { "retry-after": "7" }).retryAfter).toBe(7);
  expect(read(429, {}, { "retry-after": "soon" })).not.toHaveProperty("retryAfter");
});

test("a long text is cut", () => {
  expect(read(400, "x".repeat(100_000)).message.length).toBeLessThan(3000);
});

describe("in a stream", () => {
  test.each([
    [{ error: { message: "no", code: 503 } }, 503, "overloaded"],
    [{ error: { message: "no", code: "rate_limit_exceeded" } }, 429, "rate-limit"],
    [{ error: { message: "no", type: "server_error" } }, 502, "server"],
    [{ error: "no" }, 502, "server"],
  ])("%j", (chunk, status, kind) => {
    expect(streamedError(chunk)).toEqual({ status, kind, message: "no" });
  });

  test.each([{ choices: [] }, { error: null }, null, 7])("%j is no error", (chunk) => {
    expect(streamedError(chunk)).toBeUndefined();
  });
});
