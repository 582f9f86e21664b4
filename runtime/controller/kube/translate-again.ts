import { setTimeout as sleep } from "node:timers/promises";
import { pathOf } from "../kinds.ts";
import { AGAIN_ANNOTATION } from "../objects/names.ts";
import { KubeError, type KubeHttp } from "./http.ts";

/** Apart from what the leader writes, so that neither takes the other's fields. */
const FIELD_MANAGER = "ai-gateway-controller-replica";
const ATTEMPTS = 6;
const FIRST_DELAY_MS = 200;

/**
 * Has Envoy Gateway translate anew what a route belongs to. Every replica may ask for it.
 *
 * @param route `namespace/name` of an HTTPRoute.
 * @param mark Different each time: an annotation that stays as it is changes nothing.
 */
export async function translateAgain(http: KubeHttp, route: string, mark: string): Promise<void> {
  const [namespace, name = ""] = route.split("/");
  const path = pathOf({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await http.json({
        method: "PATCH",
        path: `${path}?fieldManager=${FIELD_MANAGER}`,
        type: "application/merge-patch+json",
        body: { metadata: { annotations: { [AGAIN_ANNOTATION]: mark } } },
      });
      return;
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return;
      if (attempt === ATTEMPTS) throw error;
      await sleep(FIRST_DELAY_MS * 2 ** (attempt - 1));
    }
  }
}
