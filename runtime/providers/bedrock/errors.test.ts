import { awsError } from "../../conversation/aws-errors.ts";

const read = (status: number, headers: Record<string, string>, body: string) =>
  awsError(status, (name) => headers[name], Buffer.from(body));

const TYPE = "x-amzn-errortype";

test.each([
  [429, "ThrottlingException", 429, "rate-limit"],
  [400, "ServiceQuotaExceededException", 429, "rate-limit"],
  [429, "ModelNotReadyException", 503, "overloaded"],
  [408, "ModelTimeoutException", 504, "timeout"],
  [424, "ModelErrorException", 502, "server"],
  [503, "ServiceUnavailableException", 503, "overloaded"],
  [403, "AccessDeniedException", 403, "permission"],
  [404, "ResourceNotFoundException", 404, "not-found"],
  [400, "ValidationException", 400, "invalid-request"],
  [500, "InternalServerException", 500, "server"],
  [418, "OfTheFuture", 418, "invalid-request"],
])("%d %s is %d %s", (status, type, expected, kind) => {
  const error = { status: expected, kind, message: "sorry" };
  const body = JSON.stringify({ message: "sorry" });
  expect(read(status, { [TYPE]: type }, body)).toEqual(error);
  expect(read(status, { [TYPE]: `${type}:http://internal.amazon.com/` }, body)).toEqual(error);
  const typed = JSON.stringify({ __type: `com.amazon.coral#${type}`, Message: "sorry" });
  expect(read(status, {}, typed)).toEqual(error);
});

test.each([
  "Input is too long for requested model.",
  "The model returned the following errors: prompt is too long: 250000 tokens > 200000 maximum",
  "This model's maximum context length is 8192 tokens.",
])("%s", (message) => {
  expect(read(400, { [TYPE]: "ValidationException" }, JSON.stringify({ message }))).toEqual({
    status: 400,
    kind: "context-window",
    message,
  });
});

test("what AWS says of the gateway's signature stays here", () => {
  const message =
    "The Canonical String for this request should have been 'x-amz-security-token:SECRET'";
  const error = read(403, { [TYPE]: "InvalidSignatureException" }, JSON.stringify({ message }));
  expect(error).toEqual({
    status: 403,
    kind: "authentication",
    message: "AWS refused the gateway's credentials (InvalidSignatureException)",
  });
});

test("bodies that are not JSON, or empty", () => {
  expect(read(502, {}, "<html>bad gateway</html>").message).toBe("<html>bad gateway</html>");
  expect(read(503, {}, "")).toEqual({
    status: 503,
    kind: "overloaded",
    message: "AWS Bedrock answered with status 503",
  });
  expect(read(429, { [TYPE]: "ThrottlingException" }, "{}").message).toBe("ThrottlingException");
  expect(read(500, {}, "x".repeat(5000)).message).toHaveLength(2000);
});

test("when to try again", () => {
  expect(read(429, { "retry-after": "7" }, "{}").retryAfter).toBe(7);
  expect(read(429, { "retry-after": "soon" }, "{}").retryAfter).toBeUndefined();
});
