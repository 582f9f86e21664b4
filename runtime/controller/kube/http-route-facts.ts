import type { HttpRouteFacts } from "../status/types.ts";
import type { KubeItem } from "./reflector.ts";

const ENVOY_GATEWAY_CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller";

interface ParentStatus {
  controllerName?: string;
  parentRef: { name: string; namespace?: string };
  conditions?: HttpRouteFacts["parents"][number]["conditions"];
}

/** What Envoy Gateway says of an HTTPRoute. Pure. */
export function httpRouteFacts({ metadata, status }: KubeItem): HttpRouteFacts {
  const { parents = [] } = (status ?? {}) as { parents?: ParentStatus[] };
  return {
    generation: typeof metadata.generation === "number" ? metadata.generation : 0,
    parents: parents
      .filter(({ controllerName }) => controllerName === ENVOY_GATEWAY_CONTROLLER)
      .map(({ parentRef, conditions = [] }) => ({
        gateway: `${parentRef.namespace ?? metadata.namespace}/${parentRef.name}`,
        conditions,
      })),
  };
}
