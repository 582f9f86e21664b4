import { clone, create } from "@bufbuild/protobuf";
import { MetadataSchema } from "../../../protos/gen/envoy/config/core/v3/base_pb.ts";
import {
  type LbEndpoint,
  LbEndpointSchema,
  type LocalityLbEndpoints,
} from "../../../protos/gen/envoy/config/endpoint/v3/endpoint_components_pb.ts";
import type { ClusterLoadAssignment } from "../../../protos/gen/envoy/config/endpoint/v3/endpoint_pb.ts";
import { ENDPOINT_METADATA_NAMESPACE } from "../../program/names.ts";
import type { BackendPlan, RulePlan } from "../compile/plan.ts";
import { endpointMetadata } from "../xds/clusters.ts";
import { sourceOf } from "./metadata.ts";
import { ruleName } from "./names.ts";
import { tellParts } from "./subsets.ts";

/** The endpoints of one backend, as far as the plan knows them. */
interface Bound {
  locality: LocalityLbEndpoints;
  backend: BackendPlan;
  endpoints: LbEndpoint[];
}

/**
 * Of several plans of one rule, newest first, the one whose backends are those of these endpoints; the
 * newest where none is. Envoy Gateway may translate what is older or newer than our newest plan.
 */
export function agreeing(
  assignment: ClusterLoadAssignment,
  rules: readonly RulePlan[],
): RulePlan | undefined {
  return rules.find((rule) => strangers(assignment, rule) === 0) ?? rules[0];
}

/**
 * Says of every endpoint which backend it is, and gives the backends their priorities. Endpoints that
 * the plan does not know are taken out: nothing is sent to them with anybody's key.
 *
 * @returns how many were taken out.
 */
export function bindEndpoints(assignment: ClusterLoadAssignment, rule: RulePlan): number {
  const unknown = strangers(assignment, rule);
  const bound = boundOf(assignment, rule);
  // Envoy wants priorities without gaps.
  const priorities = [...new Set(bound.map(({ backend }) => backend.priority))].sort(
    (a, b) => a - b,
  );
  assignment.endpoints = bound.map(({ locality, backend, endpoints }) => {
    locality.priority = priorities.indexOf(backend.priority);
    locality.lbEndpoints = endpoints.flatMap((each) => onAllPorts(each, backend));
    for (const endpoint of locality.lbEndpoints) {
      endpoint.metadata ??= create(MetadataSchema);
      endpoint.metadata.filterMetadata[ENDPOINT_METADATA_NAMESPACE] = endpointMetadata(backend);
      tellParts(endpoint.metadata, backend, rule);
    }
    return locality;
  });
  return unknown;
}

/** Pods of a pool serve on each of its ports; Envoy Gateway knows of the first alone. */
function onAllPorts(endpoint: LbEndpoint, { pool }: BackendPlan): LbEndpoint[] {
  const others = (pool?.targetPorts ?? []).slice(1).flatMap((port) => {
    const copy = clone(LbEndpointSchema, endpoint);
    const { hostIdentifier } = copy;
    if (hostIdentifier.case !== "endpoint") return [];
    const at = hostIdentifier.value.address?.address;
    if (at?.case !== "socketAddress") return [];
    at.value.portSpecifier = { case: "portValue", value: port };
    return [copy];
  });
  return [endpoint, ...others];
}

function strangers(assignment: ClusterLoadAssignment, rule: RulePlan): number {
  const all = count(assignment.endpoints.map(({ lbEndpoints }) => lbEndpoints));
  return all - count(boundOf(assignment, rule).map(({ endpoints }) => endpoints));
}

const count = (lists: readonly unknown[][]): number =>
  lists.reduce((sum, list) => sum + list.length, 0);

function boundOf(assignment: ClusterLoadAssignment, rule: RulePlan): Bound[] {
  return assignment.endpoints.flatMap((locality) => {
    const backend = backendOf(assignment.clusterName, locality, rule);
    if (backend === undefined) return [];
    const endpoints = locality.lbEndpoints.filter((endpoint) => isAt(endpoint, backend));
    return endpoints.length === 0 ? [] : [{ locality, backend, endpoints }];
  });
}

/**
 * The backend that a locality stands for: object and position must agree. The position stands in the
 * locality's region, else in the name of a cluster of one backend; where neither says it, the object
 * must be referred to once only.
 */
function backendOf(
  cluster: string,
  locality: LocalityLbEndpoints,
  rule: RulePlan,
): BackendPlan | undefined {
  const source = sourceOf(locality.metadata);
  if (source === undefined) return undefined;
  const same = rule.backends.filter(
    ({ origin }) =>
      origin.kind === source.kind &&
      origin.namespace === source.namespace &&
      origin.name === source.name,
  );
  const position = ruleName(locality.locality?.region ?? "")?.backend ?? ruleName(cluster)?.backend;
  if (position === undefined) return same.length === 1 ? same[0] : undefined;
  return same.find(({ origin }) => origin.position === position);
}

/**
 * Is this where the plan has the backend? Its key is meant for that address alone. What stands behind
 * a Service changes by itself.
 */
function isAt(endpoint: LbEndpoint, backend: BackendPlan): boolean {
  if (backend.origin.kind !== "Backend") return true;
  if (endpoint.hostIdentifier.case !== "endpoint") return false;
  const address = endpoint.hostIdentifier.value.address?.address;
  if (address?.case === "pipe") {
    return backend.addresses.some((at) => at.kind === "unix" && at.host === address.value.path);
  }
  if (address?.case !== "socketAddress") return false;
  const { address: host, portSpecifier } = address.value;
  return backend.addresses.some(
    (at) => at.kind !== "unix" && at.host === host && at.port === portSpecifier.value,
  );
}
