/** What a cluster has once, for all its gateways. */
import type { Input } from "@pulumi/pulumi";

import { crd } from "../../../runtime/api/generate/crd.ts";
import { kinds } from "../../../runtime/api/index.ts";
import type { ControlPlaneSettings, EnvoyGatewaySettings } from "../../args/settings.generated.ts";
import { SYSTEM_NAMESPACE } from "../../inputs/install.ts";
import { compact } from "../inputs.ts";
import { merge } from "../patch.ts";
import type { ObjectTemplate } from "./object.ts";

/** Port on which the controller serves Envoy Gateway as its extension. */
const EXTENSION_PORT = 1063;
const CONTROLLER_SERVICE = "ai-gateway-controller";
const HOOKS = ["Translation", "Endpoints", "Cluster", "Route"];

export const namespaceObject = (name: Input<string>): ObjectTemplate => ({
  apiVersion: "v1",
  kind: "Namespace",
  // Nothing else is named after it, so that its name may come later.
  metadata: { name: name as string },
});

/** The definitions of our kinds. */
export const crdObjects = (): ObjectTemplate[] =>
  Object.values(kinds).map((definition) => crd(definition) as ObjectTemplate);

/** Objects of the controller and what it needs. */
export function controlPlaneObjects(settings: ControlPlaneSettings): ObjectTemplate[] {
  const { namespace = SYSTEM_NAMESPACE, createNamespace, crds } = settings;
  return [
    ...(createNamespace === false ? [] : [namespaceObject(namespace)]),
    ...(crds === false ? [] : crdObjects()),
  ];
}

/** Values of Envoy Gateway's chart: the controller as its extension, and where limits are counted. */
export function envoyGatewayValues(
  settings: EnvoyGatewaySettings,
  systemNamespace: string,
): object {
  const { redis, values } = settings;
  const everything = { includeAll: true };
  const own = {
    config: {
      envoyGateway: compact({
        extensionApis: { enableBackend: true },
        extensionManager: {
          failOpen: false,
          maxMessageSize: "64Mi",
          hooks: {
            xdsTranslator: {
              post: HOOKS,
              translation: {
                listener: everything,
                route: everything,
                cluster: everything,
                secret: everything,
              },
            },
          },
          service: {
            fqdn: {
              hostname: `${CONTROLLER_SERVICE}.${systemNamespace}.svc.cluster.local`,
              port: EXTENSION_PORT,
            },
          },
        },
        rateLimit:
          redis === undefined ? undefined : { backend: { type: "Redis", redis: { url: redis } } },
      }),
    },
  };
  return merge(own, values ?? {}) as object;
}
