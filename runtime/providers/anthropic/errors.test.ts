import { anthropicProviderError } from "../../conversation/anthropic/errors.ts";

const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  anthropicProviderError(
    status,
    (name) => headers[name],
    Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  );

const error = (type: string, message: string) => ({
  type: "error",
  error: { type, message },
  request_id: "req_1",
});

test.each([
  [400, "invalid_request_error", "max_tokens: Field required", 400, "invalid-request"],
  [400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum", 400, "context-window"],
  [402, "billing_error", "no credit", 402, "permission"],
  [403, "permission_error", "not allowed", 403, "permission"],
  [404, "not_found_error", "model: x", 404, "not-found"],
  [413, "request_too_large", "too large", 413, "too-large"],
  [429, "rate_limit_error", "slow down", 429, "rate-limit"],
  [500, "api_error", "broken", 500, "server"],
  [504, "timeout_error", "too slow", 504, "timeout"],
  [529, "overloaded_error", "Overloaded", 503, "overloaded"],
  [529, "new_error", "Overloaded", 503, "overloaded"],
])("%d %s", (status, type, message, forClient, kind) => {
  expect(read(status, error(type, message))).toEqual({ status: forClient, kind, message });
});

test("what is wrong with the gateway's key is not told", () => {
  expect(read(401, error("authentication_error", "invalid x-api-key: sk-ant-1"))).toEqual({
    status: 401,
    kind: "authentication",
    message: "Anthropic refused the gateway's credentials",
  });
});

test("the time to wait comes from the header", () => {
  const headers = { "retry-after": "7" };
  expect(read(429, error("rate_limit_error", "slow down"), headers).retryAfter).toBe(7);
  const date = { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" };
  expect(read(429, error("rate_limit_error", "slow down"), date)).not.toHaveProperty("retryAfter");
});

test("bodies of a proxy in between", () => {
  expect(read(503, "upstream gone")).toEqual({
    status: 503,
    kind: "overloaded",
    message: "upstream gone",
  });
  expect(read(502, "")).toEqual({
    status: 502,
    kind: "server",
    message: "Anthropic answered with status 502",
  });
});
