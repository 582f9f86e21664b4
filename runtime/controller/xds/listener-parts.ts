import { GATEWAY_HEADER_PREFIX } from "../../program/names.ts";
import { extension, type JsonObject } from "./json.ts";

/**
 * Bytes of an answer that may wait for a slow client before Envoy would ask the provider to pause.
 * Out of reach of any answer: Envoy 1.38 to 1.40 crash when that call comes after the provider's
 * answer has ended and an upstream filter still holds part of it. Requests have a bound of their own.
 */
export const CLIENT_BACKLOG_BYTES = 256 * 1024 * 1024;

/** Room for the model list of a large gateway in a direct response. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Takes out what clients send under the gateway's own names, before a route is chosen. */
export const dropForgedHeaders = (): JsonObject =>
  extension(
    "envoy.http.early_header_mutation.header_mutation",
    "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
    { mutations: [{ remove_on_match: { key_matcher: { prefix: GATEWAY_HEADER_PREFIX } } }] },
  );

/** Holds request bodies whole, up to a bound. */
export const bufferFilter = (name: string, bytes: number): JsonObject =>
  extension(name, "envoy.extensions.filters.http.buffer.v3.Buffer", { max_request_bytes: bytes });
