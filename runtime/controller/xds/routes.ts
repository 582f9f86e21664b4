import { ENDPOINT_HEADER } from "../../program/names.ts";
import { partSuffix, partsOf } from "../compile/narrowed.ts";
import type {
  EndpointPlan,
  GatewayPlan,
  HeaderMatch,
  RetryPlan,
  RulePlan,
} from "../compile/plan.ts";
import { type Alternative, alternativesFor, hostsOf } from "../compile/precedence.ts";
import { clusterName } from "./clusters.ts";
import { EXTRACTION_FILTER } from "./extraction-filter.ts";
import { duration, extension, type Json, type JsonObject } from "./json.ts";
import { encodeUsageRules } from "./lua/usage.ts";
import { encodeWishes, type Wishes } from "./lua/wishes.ts";
import { otherHosts } from "./other-hosts.ts";

/** Answers that the gateway gives itself: model lists. */
export interface FixedAnswer {
  path: string;
  body: (models: RulePlan["models"]) => string;
}

export interface RouteOptions {
  /** Bytes of a request body that may be held; failover stops above it, and so do we. */
  bufferBytes: number;
  answers: readonly FixedAnswer[];
}

export const ROUTE_METADATA_NAMESPACE = "aigateway.envoyproxy.io";

/** The virtual hosts of a gateway: one for each hostname that a route names, and one for the rest. */
export function virtualHosts(gateway: GatewayPlan, options: RouteOptions): JsonObject[] {
  return hostsOf(gateway).map((host) => {
    const alternatives = alternativesFor(gateway, host);
    return {
      name: host,
      domains: [host],
      request_body_buffer_limit: String(options.bufferBytes),
      routes: [
        ...options.answers.map((answer) =>
          fixedRoute(
            answer,
            alternatives.map(({ rule }) => rule),
          ),
        ),
        ...alternatives.flatMap((alternative) => ruleRoutes(alternative, options)),
        unroutable(options),
        unknownPath,
      ],
    };
  });
}

/** Those of each part of the rule; the one that takes what is left comes last. */
const ruleRoutes = (alternative: Alternative, options: RouteOptions): JsonObject[] =>
  waysInto(alternative.rule).map((way) => ruleRoute(alternative, way, options));

/** What leads to a part of a rule: requests of these endpoints. */
export interface WayInto {
  part: RulePlan;
  /** Behind the name of the rule's route. */
  suffix: string;
  matcher: JsonObject;
}

/** Envoy bounds regular expressions by the size of their program: about one for each character. */
const MAX_PATTERN = 80;

/** How requests get to the parts of a rule, in the order in which it is tried. */
export const waysInto = (rule: RulePlan): WayInto[] =>
  partsOf(rule).flatMap((part): WayInto[] => {
    const suffix = partSuffix(part);
    if (suffix === "") {
      return [{ part, suffix, matcher: { name: ENDPOINT_HEADER, present_match: true } }];
    }
    return patternsOf(Object.keys(part.endpoints)).map((regex, index) => ({
      part,
      suffix: `${suffix}/${index}`,
      matcher: { name: ENDPOINT_HEADER, string_match: { safe_regex: { regex } } },
    }));
  });

/** Ids are lower-case words with hyphens, which mean themselves. */
function patternsOf(ids: readonly string[]): string[] {
  const patterns: string[] = [];
  for (const id of ids) {
    const last = patterns.at(-1);
    if (last === undefined || last.length + id.length >= MAX_PATTERN) patterns.push(id);
    else patterns[patterns.length - 1] = `${last}|${id}`;
  }
  return patterns;
}

function ruleRoute(
  { headers, index }: Alternative,
  { part: rule, suffix, matcher }: WayInto,
  options: RouteOptions,
): JsonObject {
  return {
    name: `${rule.id}/match/${index}${suffix}`,
    match: { prefix: "/", headers: [matcher, ...headers.map(headerMatcher)] },
    metadata: {
      filter_metadata: {
        [ROUTE_METADATA_NAMESPACE]: {
          route_name: rule.route,
          ...(rule.ruleName === undefined ? {} : { rule_name: rule.ruleName }),
        },
        [EXTRACTION_FILTER]: routeWishes(rule),
      },
    },
    request_body_buffer_limit: String(options.bufferBytes),
    ...action(rule),
  };
}

/** Read by the extraction filter once the route is final. */
export const routeWishes = (rule: RulePlan): JsonObject => ({
  // Without a backend the route itself answers, whatever the endpoint.
  ...(rule.backends.length === 0 ? {} : { served: schemasOf(rule).join(" and ") }),
  wishes: encodeWishes(
    Object.fromEntries(Object.entries(rule.endpoints).map(([id, plan]) => [id, wishes(plan)])),
  ),
});

const schemasOf = ({ backends }: RulePlan): string[] => [
  ...new Set(backends.map(({ schema }) => schema)),
];

const wishes = ({
  lane,
  edit,
  usage,
  streamUsage,
  estimate,
  zero,
}: EndpointPlan): Wishes[string] => ({
  lane,
  ...(edit?.model === undefined ? {} : { model: edit.model }),
  ...(edit?.path === undefined ? {} : { path: edit.path }),
  ...(usage === undefined || usage.json.length === 0 ? {} : { read: encodeUsageRules(usage.json) }),
  ...(usage === undefined || usage.sse.length === 0 ? {} : { stream_read: usage.name }),
  ...(streamUsage ? { stream_usage: true } : {}),
  ...(estimate === undefined ? {} : { estimate }),
  ...(zero === undefined ? {} : { zero }),
});

function action(rule: RulePlan): JsonObject {
  if (rule.backends.length === 0) {
    return {
      direct_response: {
        status: 503,
        body: { inline_string: "no backend of this model's route is ready" },
      },
    };
  }
  return {
    route: {
      cluster: clusterName(rule),
      timeout: duration(rule.requestTimeoutMs),
      auto_host_rewrite: true,
      ...(rule.retry === undefined ? {} : { retry_policy: retryPolicy(rule.retry, rule) }),
    },
  };
}

export function retryPolicy(retry: RetryPlan, rule: RulePlan): JsonObject {
  const { streamIdleTimeoutMs: idle } = rule;
  const retryOn =
    idle === undefined || retry.retryOn.includes("reset")
      ? retry.retryOn
      : [...retry.retryOn, "reset-before-request"];
  return {
    retry_on: retryOn.join(","),
    num_retries: retry.numRetries,
    ...(retry.statusCodes.length > 0 ? { retriable_status_codes: retry.statusCodes } : {}),
    ...(retry.perTryTimeoutMs === undefined
      ? {}
      : { per_try_timeout: duration(retry.perTryTimeoutMs) }),
    ...(idle === undefined ? {} : { per_try_idle_timeout: duration(idle) }),
    ...(retry.attemptsPerPriority === undefined
      ? {}
      : {
          retry_priority: previousPriorities(retry.attemptsPerPriority),
        }),
    ...(rule.backends.length > 1 || rule.backends.some((b) => b.addresses.length > 1)
      ? otherHosts
      : {}),
    ...(retry.baseIntervalMs === undefined
      ? {}
      : {
          retry_back_off: {
            base_interval: duration(retry.baseIntervalMs),
            ...(retry.maxIntervalMs === undefined
              ? {}
              : { max_interval: duration(retry.maxIntervalMs) }),
          },
        }),
  };
}

/** Tries the next priority after that many attempts at one. */
export const previousPriorities = (attempts: number): JsonObject =>
  extension(
    "envoy.retry_priorities.previous_priorities",
    "envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig",
    { update_frequency: attempts },
  );

const headerMatcher = ({ name, value, type }: HeaderMatch): JsonObject => ({
  name,
  string_match: type === "Exact" ? { exact: value } : { safe_regex: { regex: value } },
});

/** The route of an answer that the gateway gives itself, for the models of these rules. */
export function fixedRoute(answer: FixedAnswer, rules: readonly RulePlan[]): JsonObject {
  const seen = new Set<string>();
  const models = [...new Set(rules)]
    .flatMap((rule) => rule.models)
    .filter(({ id }) => !seen.has(id) && seen.add(id));
  return {
    name: `answer${answer.path}`,
    match: {
      path: answer.path,
      headers: [{ name: ":method", string_match: { exact: "GET" } }],
    },
    direct_response: { status: 200, body: { inline_string: answer.body(models) } },
    response_headers_to_add: [
      {
        header: { key: "content-type", value: "application/json" },
        append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
      },
    ] as Json[],
  };
}

/** Known paths whose model no rule takes: the extraction filter answers, naming the model. */
const unroutable = (options: RouteOptions): JsonObject => ({
  name: "model-not-found",
  match: { prefix: "/", headers: [{ name: ENDPOINT_HEADER, present_match: true }] },
  metadata: { filter_metadata: { [EXTRACTION_FILTER]: { served: false } } },
  request_body_buffer_limit: String(options.bufferBytes),
  direct_response: { status: 404, body: { inline_string: "no route takes this request" } },
});

/** Also the first match of every request, before its model is known. */
const unknownPath: JsonObject = {
  name: "path-not-found",
  match: { prefix: "/" },
  direct_response: { status: 404, body: { inline_string: "this path is not served" } },
};
