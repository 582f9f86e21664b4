import { cohereProviderError } from "./errors.ts";

const read = (status: number, body: string, retryAfter?: string) =>
  cohereProviderError(
    status,
    (name) => (name === "retry-after" ? retryAfter : undefined),
    Buffer.from(body),
  );

test.each([
  [400, '{"message": "invalid request: texts"}', "invalid-request", "invalid request: texts"],
  [
    400,
    '{"message": "too many tokens: total 9 exceed 8"}',
    "context-window",
    "too many tokens: total 9 exceed 8",
  ],
  [404, '{"id": "1", "message": "model not found"}', "not-found", "model not found"],
  [413, "", "too-large", "the provider answered with status 413"],
  [429, '{"message": "slow down"}', "rate-limit", "slow down"],
  [500, "<html>", "server", "the provider answered with status 500"],
  [503, "busy", "overloaded", "busy"],
  [504, '{"message": 5}', "timeout", "the provider answered with status 504"],
])("%d %s is %s", (status, body, kind, message) => {
  expect(read(status, body)).toEqual({ status, kind, message });
});

test("what is wrong with the gateway's key is not told", () => {
  expect(read(498, '{"message": "invalid api token: key-abc"}')).toEqual({
    status: 401,
    kind: "authentication",
    message: "the provider refused the gateway's credentials",
  });
});

test("tells when to come back", () => {
  expect(read(429, "{}", "7")).toMatchObject({ retryAfter: 7 });
});
