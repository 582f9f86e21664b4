const ROUTES_ONLY = "only AIGatewayRoutes are served";
const NO_CLUSTER = "nothing is deployed; a Backend's address must be reachable from this machine";
const NO_POOLS = "its pods are only known in a cluster; route to an AIServiceBackend";

/** Why whole kinds are not served in standalone mode. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["SecurityPolicy", "clients are neither authenticated nor authorized by it"],
  ["EnvoyProxy", "Envoy is run by aigw itself, with the settings of its flags"],
  ["ClientTrafficPolicy", "clients' connections have fixed settings; see --buffer-limit"],
  ["EnvoyExtensionPolicy", "no extensions are added to Envoy"],
  ["EnvoyPatchPolicy", "what is programmed into Envoy cannot be patched"],
  ["HTTPRoute", ROUTES_ONLY],
  ["GRPCRoute", ROUTES_ONLY],
  ["TCPRoute", ROUTES_ONLY],
  ["TLSRoute", ROUTES_ONLY],
  ["UDPRoute", ROUTES_ONLY],
  ["HTTPRouteFilter", ROUTES_ONLY],
  ["MCPRoute", "MCP servers are not reached"],
  ["QuotaPolicy", "usage is counted, but not limited"],
  ["InferencePool", NO_POOLS],
  ["InferenceModel", NO_POOLS],
  ["InferenceObjective", NO_POOLS],
  ["Deployment", NO_CLUSTER],
  ["StatefulSet", NO_CLUSTER],
  ["DaemonSet", NO_CLUSTER],
  ["Job", NO_CLUSTER],
  ["Pod", NO_CLUSTER],
  ["Service", NO_CLUSTER],
  ["List", "write its items as documents of their own, separated by ---"],
]);

/** Kinds that change nothing where they are left out. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  "gateway.networking.k8s.io/GatewayClass",
  "/Namespace",
]);

/** The group of an `apiVersion`; empty for the core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";

/** What to tell of a resource whose kind is not served; undefined where there is nothing to tell. */
export function unservedKind(apiVersion: string, kind: string): string | undefined {
  if (WITHOUT_EFFECT.has(`${groupOf(apiVersion)}/${kind}`)) return undefined;
  const reason = REASONS.get(kind);
  return `this kind is not served in standalone mode${reason === undefined ? "" : `: ${reason}`}`;
}
