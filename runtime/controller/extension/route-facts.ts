import { fromBinary } from "@bufbuild/protobuf";
import {
  type HeaderMatcher,
  type Route,
  RouteSchema,
} from "../../../protos/gen/envoy/config/route/v3/route_components_pb.ts";
import type { HeaderMatch, RulePlan } from "../compile/plan.ts";
import { revisionOf, sourceOf } from "./metadata.ts";
import { type RuleName, ruleName } from "./names.ts";
import { textField } from "./wire.ts";

/** What is read of a route before anything is changed. */
export interface RouteFacts {
  bytes: Uint8Array;
  /** Its place in an HTTPRoute; undefined for routes of other kinds. */
  name?: RuleName;
  /** The controller wrote the HTTPRoute. */
  generated: boolean;
  /** The revision of the plan with which it was written, where it carries one. */
  revision?: string;
  /** Header conditions; undefined where there are some that no AIGatewayRoute can express. */
  headers?: HeaderMatch[];
  /** Filters that the route has a configuration for. */
  filters: string[];
  /** Status of an answer that Envoy Gateway's route gives itself. */
  answers?: number;
  /** Clusters that the route shares its requests among, where it names several. */
  weighted: string[];
}

const NAME_FIELD = 14;

/** Envoy Gateway's name of a route. */
export const routeName = (bytes: Uint8Array): string => textField(bytes, NAME_FIELD);

/** @throws on bytes that are no route. */
export function readRoute(bytes: Uint8Array): RouteFacts {
  const route = fromBinary(RouteSchema, bytes);
  const name = ruleName(route.name);
  const headers = headersOf(route);
  const revision = revisionOf(route.metadata);
  const { action } = route;
  return {
    bytes,
    generated: sourceOf(route.metadata)?.generated ?? false,
    filters: Object.keys(route.typedPerFilterConfig).sort(),
    weighted: weightedOf(route),
    ...(name === undefined ? {} : { name }),
    ...(headers === undefined ? {} : { headers }),
    ...(revision === undefined ? {} : { revision }),
    ...(action.case === "directResponse" ? { answers: action.value.status } : {}),
  };
}

function weightedOf({ action }: Route): string[] {
  if (action.case !== "route" || action.value.clusterSpecifier.case !== "weightedClusters")
    return [];
  return action.value.clusterSpecifier.value.clusters.map(({ name }) => name);
}

function headersOf({ match }: Route): HeaderMatch[] | undefined {
  const found = (match?.headers ?? []).map(headerOf);
  return found.includes(undefined) ? undefined : (found as HeaderMatch[]);
}

function headerOf({
  name,
  headerMatchSpecifier,
  invertMatch,
}: HeaderMatcher): HeaderMatch | undefined {
  if (invertMatch || headerMatchSpecifier.case !== "stringMatch") return undefined;
  const { matchPattern } = headerMatchSpecifier.value;
  if (matchPattern.case === "exact") return { name, value: matchPattern.value, type: "Exact" };
  if (matchPattern.case !== "safeRegex") return undefined;
  return { name, value: matchPattern.value.regex, type: "RegularExpression" };
}

/** Does the route take what that match of the rule takes? Else Envoy Gateway has another version of it. */
export function agrees({ name, headers }: RouteFacts, rule: RulePlan): boolean {
  const planned = rule.matches.length === 0 ? [[]] : rule.matches;
  const match = planned[name?.match ?? 0];
  return match !== undefined && headers !== undefined && keyOf(match) === keyOf(headers);
}

const keyOf = (headers: readonly HeaderMatch[]): string =>
  headers
    .map(({ name, value, type }) => JSON.stringify([name.toLowerCase(), value, type]))
    .sort()
    .join();
