import assert from "node:assert/strict";
import OpenAI, { APIError } from "openai";

const CLASSES: Record<number, abstract new (...args: never) => APIError> = {
  400: OpenAI.BadRequestError,
  401: OpenAI.AuthenticationError,
  404: OpenAI.NotFoundError,
  422: OpenAI.UnprocessableEntityError,
  429: OpenAI.RateLimitError,
  500: OpenAI.InternalServerError,
  502: OpenAI.InternalServerError,
  503: OpenAI.InternalServerError,
};

/** The call fails with one of the statuses, the class for it, and a message in OpenAI's shape. */
export async function assertRefused(call: Promise<unknown>, statuses: number[]): Promise<APIError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof APIError, `an API error, not ${error ?? "an answer"}`);
  const { status = 0 } = error;
  assert.ok(
    statuses.includes(status),
    `status ${statuses.join(" or ")}, not ${status}: ${error.message}`,
  );
  assert.ok(CLASSES[status] && error instanceof CLASSES[status]);
  const body = error.error as { message?: unknown; type?: unknown } | undefined;
  assert.ok(typeof body?.message === "string" && body.message !== "", "a message");
  assert.ok(typeof body.type === "string" && body.type !== "", "a type");
  return error;
}
