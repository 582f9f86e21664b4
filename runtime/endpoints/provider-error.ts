import type { ErrorKind, ProviderError } from "../conversation/events.ts";
import type { ClientError } from "./endpoint.ts";

/** Statuses of errors that come in the midst of a stream, where providers tell none. */
const STATUSES: Readonly<Record<ErrorKind, number>> = {
  "invalid-request": 400,
  authentication: 401,
  permission: 403,
  "not-found": 404,
  "too-large": 413,
  "rate-limit": 429,
  "context-window": 400,
  "content-filter": 400,
  overloaded: 503,
  timeout: 504,
  server: 502,
};

/** A provider's error, to be put into a client's words. It always has a status. */
export const ofProvider = ({ status, kind, message }: ProviderError): ClientError => ({
  status: status >= 400 ? status : STATUSES[kind],
  kind,
  message,
});
