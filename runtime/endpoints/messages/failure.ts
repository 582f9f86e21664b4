import type { ErrorKind, ProviderError } from "../../conversation/events.ts";
import type { ClientError } from "../endpoint.ts";

const TYPES: Readonly<Record<ErrorKind, string>> = {
  "invalid-request": "invalid_request_error",
  authentication: "authentication_error",
  permission: "permission_error",
  "not-found": "not_found_error",
  "too-large": "request_too_large",
  "rate-limit": "rate_limit_error",
  "context-window": "invalid_request_error",
  "content-filter": "invalid_request_error",
  overloaded: "overloaded_error",
  timeout: "timeout_error",
  server: "api_error",
};

/** A provider's error in Anthropic's vocabulary. */
export const errorOf = ({ status, message, kind }: ProviderError): ClientError => ({
  status,
  message,
  type: TYPES[kind],
});
