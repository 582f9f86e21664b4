import type { Kind } from "./snapshot/snapshot.ts";

/**
 * Every kind that the controller reads or writes. The one list from which its watches and its RBAC
 * rules are made, so that it may do no more than it does.
 */
export interface ClusterKind {
  kind: string;
  /** Empty for the core group. */
  group: string;
  /** Of several the first that the API server serves is used. */
  versions: readonly [string, ...string[]];
  plural: string;
}

const core = <K extends string>(kind: K, plural: string): ClusterKind & { kind: K } => ({
  kind,
  group: "",
  versions: ["v1"],
  plural,
});
const of = <K extends string>(
  group: string,
  kind: K,
  plural: string,
  ...versions: [string, ...string[]]
): ClusterKind & { kind: K } => ({ kind, group, versions, plural });

const OWN = "aigateway.envoyproxy.io";
const GATEWAY_API = "gateway.networking.k8s.io";
const ENVOY_GATEWAY = "gateway.envoyproxy.io";

/** Ours: read, and their status written. */
export const ownKinds = [
  of(OWN, "AIGatewayRoute", "aigatewayroutes", "v1beta1"),
  of(OWN, "AIServiceBackend", "aiservicebackends", "v1beta1"),
  of(OWN, "BackendSecurityPolicy", "backendsecuritypolicies", "v1beta1"),
  of(OWN, "GatewayConfig", "gatewayconfigs", "v1beta1"),
  of(OWN, "MCPRoute", "mcproutes", "v1beta1"),
  of(OWN, "QuotaPolicy", "quotapolicies", "v1alpha1"),
] as const satisfies readonly (ClusterKind & { kind: Kind })[];

/** Of others: read, and their status written, as far as it is ours. */
export const sharedKinds = [
  of("inference.networking.k8s.io", "InferencePool", "inferencepools", "v1"),
] as const satisfies readonly (ClusterKind & { kind: Kind })[];

/** Of others: read whole. Those that are not installed are waited for. */
export const foreignKinds = [
  of(GATEWAY_API, "Gateway", "gateways", "v1"),
  of(ENVOY_GATEWAY, "Backend", "backends", "v1alpha1"),
  core("Service", "services"),
  ...sharedKinds,
  of(GATEWAY_API, "BackendTLSPolicy", "backendtlspolicies", "v1", "v1alpha3"),
  of(ENVOY_GATEWAY, "BackendTrafficPolicy", "backendtrafficpolicies", "v1alpha1"),
  of(GATEWAY_API, "ReferenceGrant", "referencegrants", "v1", "v1beta1"),
] as const satisfies readonly (ClusterKind & { kind: Kind })[];

/** Read by name where something refers to them; of all others of those namespaces only the metadata. */
export const referencedKinds = [
  core("Secret", "secrets"),
  core("ConfigMap", "configmaps"),
] as const satisfies readonly (ClusterKind & { kind: Kind })[];

/** Written, with our label on them; read to see what became of them. */
export const writtenKinds = [
  of(GATEWAY_API, "HTTPRoute", "httproutes", "v1"),
  of(ENVOY_GATEWAY, "HTTPRouteFilter", "httproutefilters", "v1alpha1"),
  of(ENVOY_GATEWAY, "BackendTrafficPolicy", "backendtrafficpolicies", "v1alpha1"),
  core("Service", "services"),
] as const satisfies readonly ClusterKind[];

/** Written likewise, where Gateways may have an ext_proc of their own. */
export const workloadKinds = [
  of("apps", "Deployment", "deployments", "v1"),
  core("ServiceAccount", "serviceaccounts"),
  of("policy", "PodDisruptionBudget", "poddisruptionbudgets", "v1"),
  of("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "v2"),
] as const satisfies readonly ClusterKind[];

/** `/apis/<group>/<version>`, by preference. */
export const rootsOf = ({ group, versions }: ClusterKind): string[] =>
  versions.map((version) => (group === "" ? `/api/${version}` : `/apis/${group}/${version}`));

/** By `apiVersion` and kind as objects have them; undefined for kinds that are not the controller's. */
export function clusterKindOf(apiVersion: string, kind: string): ClusterKind | undefined {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return [...ownKinds, ...foreignKinds, ...referencedKinds, ...writtenKinds, ...workloadKinds].find(
    (known) => known.group === group && known.kind === kind,
  );
}

/** Path of one object. */
export function pathOf(object: {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}): string {
  const { apiVersion, kind, metadata } = object;
  const known = clusterKindOf(apiVersion, kind);
  if (known === undefined) throw new Error(`${kind} (${apiVersion}) is not in the list of kinds`);
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${root}${scope}/${known.plural}/${metadata.name}`;
}
