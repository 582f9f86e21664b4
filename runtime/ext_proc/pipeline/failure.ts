import { type ClientError, toClientError } from "../../endpoints/endpoint.ts";
import { UserError } from "../../lib/errors.ts";

/**
 * What a client is told of something that was thrown: the message of a {@link UserError}, and
 * nothing at all of any other.
 */
export const clientErrorOf = (error: unknown): ClientError =>
  error instanceof UserError
    ? toClientError(error)
    : { status: 500, message: "the gateway could not process this request" };
