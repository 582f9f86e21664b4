import { extension, type Json, type JsonObject, typed } from "./json.ts";

/** What a matcher does with a filter that it wraps. */
export type FilterAction = JsonObject;

/** Runs this filter. */
export const run = (name: string, config: JsonObject): FilterAction => ({
  action: extension("run", "envoy.extensions.filters.http.composite.v3.ExecuteFilterAction", {
    typed_config: { name, typed_config: config },
  }),
});

/** Lets the request pass without a filter. */
export const skip: FilterAction = {
  action: extension("skip", "envoy.extensions.filters.common.matcher.action.v3.SkipFilter"),
};

/** Refuses the request: nothing that was not expected may pass. */
export const deny: FilterAction = run(
  "deny",
  typed("envoy.extensions.filters.http.lua.v3.Lua", {
    default_source_code: {
      inline_string:
        "function envoy_on_request(handle) handle:respond({[':status'] = '503'}, 'the configuration of this backend is changing; try again') end",
    },
  }),
);

/** Chooses by the exact value of a request header; anything else is `otherwise`. */
export function byHeader(
  header: string,
  actions: Readonly<Record<string, FilterAction>>,
  otherwise: FilterAction,
): JsonObject {
  if (Object.keys(actions).length === 0) return { on_no_match: otherwise };
  return {
    matcher_tree: {
      input: extension("header", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", {
        header_name: header,
      }),
      exact_match_map: { map: actions as { [key: string]: Json } },
    },
    on_no_match: otherwise,
  };
}

/** Chooses by whether a request header has a value. */
export const ifPresent = (
  header: string,
  present: FilterAction,
  otherwise: FilterAction,
): JsonObject => ({
  matcher_list: {
    matchers: [
      {
        predicate: {
          single_predicate: {
            input: extension("header", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", {
              header_name: header,
            }),
            value_match: { safe_regex: { google_re2: {}, regex: ".+" } },
          },
        },
        on_match: present,
      },
    ],
  },
  on_no_match: otherwise,
});

/** Goes on matching with another matcher. */
export const matchNext = (matcher: JsonObject): FilterAction => ({ matcher });

/** The filter of an action, run for every request, or by the action's own choice alone. */
export function always(name: string, { action, matcher }: FilterAction): JsonObject {
  if (matcher !== undefined) return chosenFilter(name, matcher as JsonObject);
  const execute = (action as JsonObject).typed_config as JsonObject;
  const chosen = execute.typed_config as JsonObject;
  return { name, typed_config: chosen.typed_config as JsonObject };
}

/** A filter that a matcher picks when the request's headers come by. */
export const chosenFilter = (name: string, matcher: JsonObject): JsonObject =>
  extension(name, "envoy.extensions.common.matching.v3.ExtensionWithMatcher", {
    extension_config: extension(name, "envoy.extensions.filters.http.composite.v3.Composite"),
    xds_matcher: matcher,
  });
