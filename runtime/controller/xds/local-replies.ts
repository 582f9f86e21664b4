import { RE2JS } from "re2js";
import type { Endpoint } from "../../endpoints/endpoint.ts";
import { aroundModel, clientPaths } from "../../endpoints/path-models.ts";
import { familyPath, type Prefixes } from "../../endpoints/prefixes.ts";
import { endpoints } from "../../endpoints/registry.ts";
import { ENDPOINT_HEADER, METADATA_NAMESPACE, SHAPED_KEY } from "../../program/names.ts";
import type { Json, JsonObject } from "./json.ts";

/** Statuses whose error type differs in some client's vocabulary. */
const STATUSES = [400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504];

/** Stands for the text of Envoy's own answer in an error body. */
const BODY = "%LOCAL_REPLY_BODY%";

/** A filter that fails has no text for clients, only details for operators. */
const FAILURE = "the gateway could not process this request";

export interface ReplyOptions {
  /** The listener has routes of others, whose answers are left alone. */
  shared?: boolean;
}

/**
 * Answers that Envoy or a filter gives itself (no route, 413, 429, 504, …) in the shape that the
 * client's API uses. The bodies are made by the endpoints, with a placeholder for the text.
 */
export function localReplyConfig(prefixes: Prefixes, options: ReplyOptions = {}): JsonObject {
  const [first] = endpoints;
  const shared = options.shared === true;
  const mappers: JsonObject[] = [
    {
      filter: {
        metadata_filter: {
          matcher: {
            filter: METADATA_NAMESPACE,
            path: [{ key: SHAPED_KEY }],
            value: { bool_match: true },
          },
          match_if_key_not_found: false,
        },
      },
      body_format_override: {
        content_type: "application/json",
        text_format_source: { inline_string: BODY },
      },
    },
  ];
  // The longest path first: one family may stand at the root of all, and beside it those whose paths
  // are told one by one.
  const oneByOne = ({ modelIn }: Endpoint): boolean => shared || modelIn === "path";
  const families = [...new Map(endpoints.toReversed().map((e) => [e.family, e]))].sort(
    ([a, one], [b, other]) =>
      familyPath(b, prefixes).length - familyPath(a, prefixes).length ||
      Number(oneByOne(other)) - Number(oneByOne(one)),
  );
  for (const [family, sample] of families) {
    const served = endpoints.filter((e) => e.family === family && e.method === "POST");
    if (served.length === 0 || sample === undefined) continue;
    const ofFamily = familyFilter(
      served.map((e) => e.id),
      oneByOne(sample)
        ? served.flatMap((e) => clientPaths(e, prefixes).flatMap(pathIs))
        : [{ prefix: familyPath(family, prefixes) }],
    );
    for (const status of STATUSES) {
      mappers.push({
        filter: {
          and_filter: {
            filters: [statusIs(status), ofFamily],
          },
        },
        body_format_override: format(
          sample.errorBody({ status, message: status === 500 ? FAILURE : BODY }),
        ),
      });
    }
  }
  if (first !== undefined && !shared) {
    mappers.push({
      filter: { status_code_filter: comparison("GE", 400) },
      body_format_override: format(first.errorBody({ status: 404, message: BODY })),
    });
  }
  return { mappers: mappers as Json[] };
}

/** Requests of a family: by endpoint, or by path while that is not known. */
function familyFilter(ids: string[], paths: JsonObject[]): JsonObject {
  const header = (name: string, match: JsonObject): JsonObject => ({
    header_filter: { header: { name, string_match: match } },
  });
  return {
    or_filter: {
      filters: [
        // One by one: Envoy bounds the size of a regular expression.
        ...ids.map((id) => header(ENDPOINT_HEADER, { exact: id })),
        ...paths.map((match) => header(":path", match)),
      ],
    },
  };
}

/** A path with or without a query. */
function pathIs(path: string): JsonObject[] {
  const around = aroundModel(path);
  return around === undefined
    ? [{ exact: path }, { prefix: `${path}?` }]
    : [{ safe_regex: { regex: `${around.map(RE2JS.quote).join(".+")}(\\?.*)?` } }];
}

const comparison = (op: string, status: number): JsonObject => ({
  comparison: { op, value: { default_value: status, runtime_key: "aigateway.unused" } },
});

const statusIs = (status: number): JsonObject => ({ status_code_filter: comparison("EQ", status) });

const format = (body: Buffer): JsonObject => ({
  content_type: "application/json",
  json_format: JSON.parse(body.toString("utf8")) as JsonObject,
});
