import type { AIGatewayRoute } from "../../api/index.ts";
import { namespaceOf } from "../snapshot/snapshot.ts";
import { type KubeObject, ownedBy } from "./kube-object.ts";
import {
  ENVOY_GATEWAY,
  hostRewriteFilter,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  noBackendFilter,
  notFoundFilter,
} from "./names.ts";

/**
 * The HTTPRouteFilters of a route: requests get the host name of their backend; requests that no rule
 * takes get 404; rules of which nothing can be served answer 503.
 */
export function routeFilters(route: AIGatewayRoute): KubeObject[] {
  const { name } = route.metadata;
  return [
    filter(route, hostRewriteFilter(name), { urlRewrite: { hostname: { type: "Backend" } } }),
    filter(
      route,
      noBackendFilter(name),
      answer(503, "No backend of this route can serve the request at the moment."),
    ),
    filter(
      route,
      notFoundFilter(name),
      answer(404, "No route takes this request; it may name a model that is not configured here."),
    ),
  ];
}

/** How an HTTPRoute's rule refers to a filter. */
export const filterRef = (name: string): object => ({
  type: "ExtensionRef",
  extensionRef: { group: ENVOY_GATEWAY, kind: "HTTPRouteFilter", name },
});

const answer = (statusCode: number, text: string): object => ({
  directResponse: {
    statusCode,
    contentType: "text/plain",
    body: { type: "Inline", inline: text },
  },
});

const filter = (route: AIGatewayRoute, name: string, spec: object): KubeObject => ({
  apiVersion: `${ENVOY_GATEWAY}/v1alpha1`,
  kind: "HTTPRouteFilter",
  metadata: {
    name,
    namespace: namespaceOf(route.metadata),
    labels: { [MANAGED_BY_LABEL]: MANAGED_BY },
    ...ownedBy(route),
  },
  spec,
});
