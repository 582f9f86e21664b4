import { MAX_LABEL, prefixed } from "../../lib/kube-name.ts";

/** Names of what the controller writes; users' policies and tools refer to them. */

export const GATEWAY_API = "gateway.networking.k8s.io";
export const ENVOY_GATEWAY = "gateway.envoyproxy.io";

/** Stands on every object that the controller writes, and is how those no longer wanted are found. */
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
export const MANAGED_BY = "envoy-ai-gateway";

/** Tells the extension server, by the route's metadata, that an HTTPRoute is ours. */
export const GENERATED_ANNOTATION = `${ENVOY_GATEWAY}/ai-gateway-generated`;
/** Priorities of a route's backends: Envoy Gateway knows none, so that a change must show here. */
export const PRIORITIES_ANNOTATION = `${ENVOY_GATEWAY}/backend-ref-priority`;
/**
 * Makes Envoy Gateway translate again when nothing else of its own objects changed. Only annotations
 * of its own group reach its intermediate form, and only a change there calls the extension. It also
 * puts them into the metadata of clusters; the extension must take this one out there, or every
 * revision would replace the carrier's clusters.
 */
export const REVISION_ANNOTATION = `${ENVOY_GATEWAY}/ai-gateway-revision`;
/** The same, written by any replica that has refused what its own plan was too old for (`translateAgain`). */
export const AGAIN_ANNOTATION = `${ENVOY_GATEWAY}/ai-gateway-again`;
/** On an HTTPRoute whose route is bad in its newest version: the version that is served. */
export const LAST_GOOD_ANNOTATION = "aigateway.envoyproxy.io/last-good";
/** On an AIGatewayRoute, with the value `none`: no retries are generated for its priorities. */
export const FAILOVER_ANNOTATION = "aigateway.envoyproxy.io/failover-policy";

/** Name of the last rule of each HTTPRoute, which answers 404. */
export const ROUTE_NOT_FOUND_RULE = "route-not-found";

/** Name of ext_proc's objects, and the start of the names of a Gateway's own. */
export const EXT_PROC = "ai-eg-ext-proc";

export const hostRewriteFilter = (route: string): string => prefixed("ai-eg-host-rewrite", route);
export const notFoundFilter = (route: string): string =>
  prefixed("ai-eg-route-not-found-response", route);
export const noBackendFilter = (route: string): string =>
  prefixed("ai-eg-no-backend-response", route);
export const failoverPolicy = (route: string, part: string): string =>
  prefixed("ai-eg-failover", `${route}-${part}`);
/** Name of the ext_proc that a Gateway has for itself, in the Gateway's namespace. */
export const ownExtProcName = (gateway: string): string =>
  prefixed(EXT_PROC, gateway.replaceAll(".", "-"), MAX_LABEL);
