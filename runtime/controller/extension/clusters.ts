import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CircuitBreakers,
  CircuitBreakersSchema,
} from "../../../protos/gen/envoy/config/cluster/v3/circuit_breaker_pb.ts";
import {
  type Cluster,
  ClusterSchema,
} from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { messageFromJson } from "../../../protos/registry.ts";
import type { RulePlan } from "../compile/plan.ts";
import { openCircuitBreakers } from "../xds/ext-proc.ts";
import { followPicker } from "./endpoint-picker.ts";
import { bindEndpoints } from "./endpoints.ts";
import { type proxyOf, throughProxy } from "./forward-proxy.ts";
import { dropRevision } from "./metadata.ts";
import { allowParts } from "./subsets.ts";
import { setUpstreamFilters } from "./upstream.ts";

export interface EditedCluster {
  bytes: Uint8Array;
  /** Endpoints that the plan does not know, which were taken out. */
  unknownEndpoints: number;
}

/**
 * A cluster of an AI route. Every attempt at it goes through the filters of the rule, and its
 * endpoints say who they are. Without a plan of the rule, or
 * without the proxy that it must go through, every request is refused.
 *
 * @param names Answers say who served them.
 */
export function editCluster(
  bytes: Uint8Array,
  planned: RulePlan | undefined,
  bufferBytes: number,
  proxy: ReturnType<typeof proxyOf>,
  names: boolean,
): EditedCluster {
  const rule = proxy === "unknown" ? undefined : planned;
  const cluster = fromBinary(ClusterSchema, bytes);
  const { loadAssignment } = cluster;
  dropRevision(cluster.metadata);
  const proxied = proxy !== undefined && proxy !== "unknown";
  const plainProxy = proxied && cluster.transportSocketMatches.length === 0;
  setUpstreamFilters(cluster, rule, plainProxy, names);
  if (cluster.perConnectionBufferLimitBytes !== undefined) {
    cluster.perConnectionBufferLimitBytes = Math.max(
      cluster.perConnectionBufferLimitBytes,
      bufferBytes,
    );
  }
  openByDefault(cluster);
  if (rule !== undefined) {
    followPicker(cluster, rule);
    allowParts(cluster, rule);
  }
  if (proxied) throughProxy(cluster, proxy);
  let unknownEndpoints = 0;
  if (loadAssignment !== undefined) {
    for (const locality of loadAssignment.endpoints) dropRevision(locality.metadata);
    if (rule === undefined) loadAssignment.endpoints = [];
    else unknownEndpoints = bindEndpoints(loadAssignment, rule);
  }
  return { bytes: toBinary(ClusterSchema, cluster), unknownEndpoints };
}

/** Envoy's own limits are a hidden ceiling; limits that a user's policy has set stay. */
function openByDefault(cluster: Cluster): void {
  if (setByUser(cluster.circuitBreakers)) return;
  cluster.circuitBreakers = messageFromJson(CircuitBreakersSchema, openCircuitBreakers);
}

/** Envoy Gateway itself sets the retries alone, to Envoy's limit of requests. */
function setByUser(breakers: CircuitBreakers | undefined): boolean {
  if (breakers === undefined) return false;
  if (breakers.perHostThresholds.length > 0) return true;
  return breakers.thresholds.some(
    ({ maxConnections, maxPendingRequests, maxRequests, maxRetries, retryBudget }) =>
      maxConnections !== undefined ||
      maxPendingRequests !== undefined ||
      maxRequests !== undefined ||
      retryBudget !== undefined ||
      (maxRetries !== undefined && maxRetries !== 1024),
  );
}
