import { type Json, type JsonObject, typed } from "./json.ts";

export type HeaderStep = JsonObject;

export const setHeader = (key: string, value: string): HeaderStep => ({
  append: { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
});

export const defaultHeader = (key: string, value: string): HeaderStep => ({
  append: { header: { key, value }, append_action: "ADD_IF_ABSENT" },
});

export const removeHeader = (name: string): HeaderStep => ({ remove: name });

/** A literal in a header value: Envoy expands `%…%`. */
export const literal = (value: string): string => value.replaceAll("%", "%%");

export const headerMutation = (steps: HeaderStep[], ofAnswer: HeaderStep[] = []): JsonObject =>
  typed("envoy.extensions.filters.http.header_mutation.v3.HeaderMutation", {
    mutations: {
      request_mutations: steps as Json[],
      ...(ofAnswer.length === 0 ? {} : { response_mutations: ofAnswer as Json[] }),
    },
  });

/** Filter-state key under which the client's own value of a header is kept for later attempts. */
export const savedHeaderKey = (name: string): string => `aigateway.saved.${name}`;
