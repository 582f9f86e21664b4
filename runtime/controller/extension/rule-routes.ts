import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Metadata, MetadataSchema } from "../../../protos/gen/envoy/config/core/v3/base_pb.ts";
import {
  DirectResponseActionSchema,
  HeaderMatcherSchema,
  type RetryPolicy,
  RetryPolicySchema,
  type Route,
  type RouteAction,
  RouteSchema,
} from "../../../protos/gen/envoy/config/route/v3/route_components_pb.ts";
import { messageFromJson } from "../../../protos/registry.ts";
import { endpointPath } from "../../endpoints/prefixes.ts";
import { endpoints } from "../../endpoints/registry.ts";
import { ENDPOINT_HEADER, FILTERS_HEADER } from "../../program/names.ts";
import type { EndpointPlan, RulePlan } from "../compile/plan.ts";
import { EDIT_FILTER, EXTRACTION_FILTER } from "../xds/extraction-filter.ts";
import { duration, type JsonObject } from "../xds/json.ts";
import { encodeWishes, type Wishes } from "../xds/lua/wishes.ts";
import {
  previousPriorities,
  ROUTE_METADATA_NAMESPACE,
  retryPolicy,
  routeWishes,
  type WayInto,
} from "../xds/routes.ts";
import { touchedHeaders } from "../xds/upstream-filters.ts";
import { pickerFilterNames } from "./endpoint-picker.ts";
import { SAVED_HEADERS_FILTER, wanted } from "./filter-names.ts";
import { dropRevision } from "./metadata.ts";
import type { ExtensionOptions } from "./options.ts";
import type { RouteFacts } from "./route-facts.ts";
import { shareAmong } from "./split.ts";
import { askForPart } from "./subsets.ts";

const CHANGING = "the configuration of this route is changing; try again";

/**
 * The route of one match of an AI rule, or of a part of it: it takes requests whose model is known, tells our filters what
 * it wants of them, and retries as planned where no policy of the user says otherwise.
 */
export function editRuleRoute(
  facts: RouteFacts,
  rule: RulePlan,
  { part, suffix, matcher }: WayInto,
  options: ExtensionOptions,
): Uint8Array {
  const route = fromBinary(RouteSchema, facts.bytes);
  route.name += suffix;
  prepare(route, options, matcher);
  const edits = editsOf(part, options);
  const metadata = metadataOf(route);
  metadata.filterMetadata[ROUTE_METADATA_NAMESPACE] = {
    route_name: rule.route,
    ...(rule.ruleName === undefined ? {} : { rule_name: rule.ruleName }),
  };
  metadata.filterMetadata[EXTRACTION_FILTER] = {
    ...(routeWishes(part) as JsonObject),
    filters: wanted([
      ...facts.filters,
      ...pickerFilterNames([rule]),
      ...(Object.keys(edits).length > 0 ? [EDIT_FILTER] : []),
      ...(touchedHeaders(rule).length > 0 ? [SAVED_HEADERS_FILTER] : []),
    ]),
  };
  if (Object.keys(edits).length > 0) {
    metadata.filterMetadata[EDIT_FILTER] = { wishes: encodeWishes(edits) };
  }
  if (route.action.case === "route") editAction(route.action.value, part);
  return toBinary(RouteSchema, route);
}

/** The route of a rule that no plan knows as Envoy Gateway has it: nothing passes. */
export function denyRoute(facts: RouteFacts, options: ExtensionOptions): Uint8Array {
  const route = fromBinary(RouteSchema, facts.bytes);
  prepare(route, options);
  metadataOf(route).filterMetadata[EXTRACTION_FILTER] = { filters: wanted(facts.filters) };
  if (route.action.case !== "directResponse") answer(route, 503, CHANGING);
  return toBinary(RouteSchema, route);
}

/** A route of others that AI requests may end at: which of its filters run. */
export function markRoute(facts: RouteFacts): Uint8Array {
  const route = fromBinary(RouteSchema, facts.bytes);
  metadataOf(route).filterMetadata[EXTRACTION_FILTER] = { filters: wanted(facts.filters) };
  return toBinary(RouteSchema, route);
}

/** Sets what the route answers by itself. */
export function answer(route: Route, status: number, text: string): void {
  route.action = {
    case: "directResponse",
    value: messageFromJson(DirectResponseActionSchema, { status, body: { inline_string: text } }),
  };
}

/** What all routes of AI requests have in common. */
export function prepare(
  route: Route,
  { bufferBytes }: ExtensionOptions,
  matcher: JsonObject = { name: ENDPOINT_HEADER, present_match: true },
): void {
  dropRevision(route.metadata);
  route.match?.headers.push(messageFromJson(HeaderMatcherSchema, matcher));
  route.requestBodyBufferLimit = BigInt(bufferBytes);
  route.requestHeadersToRemove.push(FILTERS_HEADER);
}

export function metadataOf(route: Route): Metadata {
  route.metadata ??= create(MetadataSchema);
  return route.metadata;
}

function editAction(action: RouteAction, rule: RulePlan): void {
  const shared = shareAmong(action, rule);
  if (!shared) askForPart(action, rule);
  const planned = rule.retry;
  if (action.retryPolicy === undefined && planned !== undefined) {
    action.retryPolicy = messageFromJson(RetryPolicySchema, retryPolicy(planned, rule));
  } else if (action.retryPolicy !== undefined) {
    boundByIdleTime(action.retryPolicy, rule);
  }
  // The parts of an aggregate are its priorities.
  if (shared && action.retryPolicy !== undefined) {
    action.retryPolicy.retryPriority ??= nextPriority();
  }
}

const nextPriority = (): RetryPolicy["retryPriority"] =>
  messageFromJson(RetryPolicySchema, { retry_priority: previousPriorities(1) as JsonObject })
    .retryPriority;

/** An attempt that falls silent ends, and one that has not begun to answer is tried elsewhere. */
function boundByIdleTime(policy: RetryPolicy, { streamIdleTimeoutMs: idle }: RulePlan): void {
  if (idle === undefined) return;
  policy.perTryIdleTimeout = messageFromJson(RetryPolicySchema, {
    per_try_idle_timeout: duration(idle),
  }).perTryIdleTimeout;
  const on = policy.retryOn.split(",");
  if (!on.includes("reset") && !on.includes("reset-before-request")) {
    policy.retryOn = [...on, "reset-before-request"].filter((each) => each !== "").join(",");
  }
}

/** What the edit filter changes, by endpoint. */
function editsOf(rule: RulePlan, { prefixes }: ExtensionOptions): Wishes {
  const edits: Wishes = {};
  for (const endpoint of endpoints) {
    const plan = rule.endpoints[endpoint.id];
    const edit = plan === undefined ? {} : editOf(plan, endpointPath(endpoint, prefixes));
    if (Object.keys(edit).length === 0) continue;
    edits[endpoint.id] = endpoint.modelIn === "form" ? { ...edit, form: true } : edit;
  }
  return edits;
}

const editOf = ({ lane, edit }: EndpointPlan, clientPath: string): Wishes[string] =>
  lane !== "native"
    ? {}
    : {
        ...(edit?.model === undefined ? {} : { model: edit.model }),
        ...(edit?.path === undefined || edit.path === clientPath ? {} : { path: edit.path }),
      };
