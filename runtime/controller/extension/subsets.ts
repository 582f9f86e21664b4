import { toJson } from "@bufbuild/protobuf";
import {
  type Cluster,
  type LoadBalancingPolicy,
  LoadBalancingPolicySchema,
} from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import type { Metadata } from "../../../protos/gen/envoy/config/core/v3/base_pb.ts";
import {
  type RouteAction,
  RouteActionSchema,
} from "../../../protos/gen/envoy/config/route/v3/route_components_pb.ts";
import { messageFromJson, typeRegistry } from "../../../protos/registry.ts";
import type { BackendPlan, RulePlan } from "../compile/plan.ts";
import { extension, type JsonObject } from "../xds/json.ts";

/** Where Envoy looks for what subsets are made of. */
const NAMESPACE = "envoy.lb";
/** Endpoints have here every part of their rule that they belong to. */
const KEY = "ai-eg-part";

/**
 * Lets a cluster with all backends of a rule serve parts of the rule: routes of a part ask for hosts
 * of it and get no others. Those that ask for nothing get any.
 */
export function allowParts(cluster: Cluster, { narrowed }: RulePlan): void {
  if (narrowed === undefined) return;
  cluster.loadBalancingPolicy = messageFromJson(LoadBalancingPolicySchema, {
    policies: [
      {
        typed_extension_config: extension(
          "envoy.load_balancing_policies.subset",
          "envoy.extensions.load_balancing_policies.subset.v3.Subset",
          {
            fallback_policy: "ANY_ENDPOINT",
            subset_selectors: [{ keys: [KEY], fallback_policy: "NO_FALLBACK" }],
            list_as_any: true,
            // Backends' weights are those of their localities.
            locality_weight_aware: true,
            subset_lb_policy: policyJson(cluster.loadBalancingPolicy),
          },
        ),
      },
    ],
  });
}

/** A cluster's policy within another; least requests where it has none. */
export const policyJson = (policy: LoadBalancingPolicy | undefined): JsonObject =>
  policy === undefined
    ? {
        policies: [
          {
            typed_extension_config: extension(
              "envoy.load_balancing_policies.least_request",
              "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest",
            ),
          },
        ],
      }
    : (toJson(LoadBalancingPolicySchema, policy, {
        registry: typeRegistry,
        useProtoFieldName: true,
      }) as JsonObject);

/** Says of a backend's endpoint which parts of the rule it belongs to. */
export function tellParts(metadata: Metadata, backend: BackendPlan, rule: RulePlan): void {
  const parts = (rule.narrowed ?? [])
    .map(({ backends }) => backends)
    .filter((backends) => backends.includes(backend.origin.position));
  if (parts.length === 0) return;
  metadata.filterMetadata[NAMESPACE] = {
    ...metadata.filterMetadata[NAMESPACE],
    [KEY]: parts.map((backends) => backends.join("-")),
  };
}

/** Asks for hosts of a part of the rule. */
export function askForPart(action: RouteAction, { part }: RulePlan): void {
  if (part === undefined) return;
  action.metadataMatch = messageFromJson(RouteActionSchema, {
    metadata_match: { filter_metadata: { [NAMESPACE]: { [KEY]: part } } },
  }).metadataMatch;
}
