import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type Route,
  RouteSchema,
  VirtualHostSchema,
} from "../../../protos/gen/envoy/config/route/v3/route_components_pb.ts";
import { messageFromJson } from "../../../protos/registry.ts";
import { endpoints } from "../../endpoints/registry.ts";
import { MODEL_HEADER } from "../../program/names.ts";
import type { RulePlan } from "../compile/plan.ts";
import { EXTRACTION_FILTER } from "../xds/extraction-filter.ts";
import { fixedAnswers } from "../xds/paths.ts";
import { fixedRoute, waysInto } from "../xds/routes.ts";
import { pickerFilterNames } from "./endpoint-picker.ts";
import { extractionRoutes } from "./extraction-routes.ts";
import { wanted } from "./filter-names.ts";
import type { Memo } from "./memo.ts";
import { sourceOf } from "./metadata.ts";
import type { ExtensionOptions } from "./options.ts";
import { type RouteFacts, readRoute, routeName } from "./route-facts.ts";
import { denyRoute, editRuleRoute, markRoute, metadataOf, prepare } from "./rule-routes.ts";
import { join, split } from "./wire.ts";

const ROUTES_FIELD = 3;

/** What is read of a virtual host before anything is changed. */
export interface HostFacts {
  /** Of the table and of the host in it. */
  name: string;
  rest: Uint8Array;
  routes: RouteFacts[];
  /** `namespace/name` of the Gateway that it belongs to. */
  gateway?: string;
  /** Filters that any of its routes has a configuration for: what AI requests may need to go through. */
  filters: string[];
}

/** @throws on bytes that are no virtual host. */
export function readHost(bytes: Uint8Array, memo: Memo<RouteFacts>, table: string): HostFacts {
  const { entries, rest } = split(bytes, ROUTES_FIELD);
  const host = fromBinary(VirtualHostSchema, rest);
  const source = sourceOf(host.metadata);
  const routes = entries.map((entry) =>
    memo.get(`${table} ${host.name} ${routeName(entry)}`, entry, [], () =>
      readRoute(Buffer.from(entry)),
    ),
  );
  return {
    name: `${table} ${host.name}`,
    rest,
    routes,
    filters: [...new Set(routes.flatMap((route) => route.filters))].sort(),
    ...(source?.kind === "Gateway" ? { gateway: `${source.namespace}/${source.name}` } : {}),
  };
}

/** How the routes of a host are bound to rules. */
export interface Binding {
  /** Is this HTTPRoute (`namespace/name`) one that stands for an AIGatewayRoute? */
  isAi: (route: RouteFacts) => boolean;
  /** The plan of a rule, where one agrees with what Envoy Gateway has. */
  ruleOf: (id: string) => RulePlan | undefined;
}

/**
 * A virtual host with AI routes. In front stand routes that take every AI request before its model is
 * known, and the model lists; routes of others stay as they are.
 */
export function editHost(
  host: HostFacts,
  binding: Binding,
  options: ExtensionOptions,
  memo: Memo<Uint8Array>,
): Uint8Array {
  const notFound = host.routes.find((route) => isNotFound(route, binding));
  const edited = host.routes.flatMap((route) => {
    const own = editRoute(host, route, binding, options, memo);
    return route === notFound ? [modelNotFound(route, options), ...own] : own;
  });
  const rules = host.routes.flatMap(({ name }) => binding.ruleOf(name?.rule ?? "") ?? []);
  return join(host.rest, ROUTES_FIELD, [
    ...extractionRoutes([...host.filters, ...pickerFilterNames(rules)], options),
    ...modelLists(rules, notFound, options),
    ...edited,
  ]);
}

function editRoute(
  host: HostFacts,
  route: RouteFacts,
  binding: Binding,
  options: ExtensionOptions,
  memo: Memo<Uint8Array>,
): Uint8Array[] {
  if (!binding.isAi(route)) return [route.filters.length === 0 ? route.bytes : markRoute(route)];
  const rule = binding.ruleOf(route.name?.rule ?? "");
  const remembered = (edit: () => Uint8Array, part = ""): Uint8Array =>
    memo.get(`${host.name} ${routeName(route.bytes)}${part}`, route.bytes, [rule?.revision], edit);
  if (rule === undefined) {
    return [
      remembered(() =>
        isNotFound(route, binding) ? pathNotFound(route) : denyRoute(route, options),
      ),
    ];
  }
  return waysInto(rule).map((way) =>
    remembered(() => editRuleRoute(route, rule, way, options), way.suffix),
  );
}

/** The last rule of an AI route, which answers what no other takes. */
const isNotFound = (route: RouteFacts, { isAi, ruleOf }: Binding): boolean =>
  route.answers === 404 && isAi(route) && ruleOf(route.name?.rule ?? "") === undefined;

/** Where requests end whose model no rule takes. */
function modelNotFound(facts: RouteFacts, options: ExtensionOptions): Uint8Array {
  const route = fromBinary(RouteSchema, facts.bytes);
  prepare(route, options);
  metadataOf(route).filterMetadata[EXTRACTION_FILTER] = { filters: wanted(facts.filters) };
  route.name = `${route.name}/model`;
  route.responseHeadersToAdd = [];
  setAnswer(route, {
    text_format_source: {
      inline_string: `the model "%REQ(${MODEL_HEADER})%" does not exist or is not routed`,
    },
  });
  return toBinary(RouteSchema, route);
}

/** Where requests end whose path no endpoint has. No listener's mapping knows whose it is. */
function pathNotFound(facts: RouteFacts): Uint8Array {
  const route = fromBinary(RouteSchema, facts.bytes);
  const body = endpoints[0]?.errorBody({ status: 404, message: "this path is not served" });
  route.responseHeadersToAdd = [];
  setAnswer(route, {
    json_format: JSON.parse(body?.toString("utf8") ?? "{}"),
    content_type: "application/json",
  });
  return toBinary(RouteSchema, route);
}

function setAnswer(route: Route, bodyFormat: Record<string, never> | object): void {
  const { action } = messageFromJson(RouteSchema, {
    direct_response: { status: 404, body_format: bodyFormat as Record<string, never> },
  });
  route.action = action;
}

/** Model lists, behind the same filters as what no rule takes: policies on the whole route hold for them. */
function modelLists(
  rules: readonly RulePlan[],
  like: RouteFacts | undefined,
  { prefixes }: ExtensionOptions,
): Uint8Array[] {
  const model = like === undefined ? undefined : fromBinary(RouteSchema, like.bytes);
  return fixedAnswers(prefixes).map((each) => {
    const route = messageFromJson(RouteSchema, fixedRoute(each, rules));
    if (model !== undefined) route.typedPerFilterConfig = model.typedPerFilterConfig;
    return toBinary(RouteSchema, route);
  });
}
