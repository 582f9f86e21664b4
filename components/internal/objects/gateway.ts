import { isIP } from "node:net";
import type { Input } from "@pulumi/pulumi";
import type { GatewaySettings, ListenerSettings } from "../../args/settings.generated.ts";
import { compact, derive } from "../inputs.ts";
import {
  AI_GROUP,
  AI_VERSION,
  ENVOY_GROUP,
  ENVOY_VERSION,
  GATEWAY_GROUP,
  GATEWAY_VERSION,
  type ObjectTemplate,
  objectIn,
  type Place,
} from "./object.ts";

const CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller";

/** A Gateway and the objects that say how its Envoys run. */
export function gatewayObjects(place: Place, settings: GatewaySettings): ObjectTemplate[] {
  const { className, listeners, costs, forwardProxy, bodyLimit } = settings;
  const config =
    costs === undefined && forwardProxy === undefined
      ? []
      : [
          objectIn(place, AI_VERSION, "GatewayConfig", {
            spec: compact({
              globalLLMRequestCosts: costs,
              forwardProxy: forwardProxy === undefined ? undefined : { address: forwardProxy },
            }),
          }),
        ];
  const gateway = objectIn(place, GATEWAY_VERSION, "Gateway", {
    spec: {
      gatewayClassName: className ?? place.name,
      listeners: (listeners ?? [{}]).map(listenerOf),
      infrastructure: {
        parametersRef: { group: ENVOY_GROUP, kind: "EnvoyProxy", name: place.name },
      },
    },
  });
  if (config.length > 0) {
    gateway.metadata.annotations = { [`${AI_GROUP}/gateway-config`]: place.name };
  }
  return [
    ...(className === undefined ? [gatewayClass(place.name)] : []),
    ...config,
    envoyProxy(place, settings),
    objectIn(place, ENVOY_VERSION, "ClientTrafficPolicy", {
      spec: {
        targetRefs: [{ group: GATEWAY_GROUP, kind: "Gateway", name: place.name }],
        connection: { bufferLimit: bodyLimit },
      },
    }),
    gateway,
  ];
}

const gatewayClass = (name: string): ObjectTemplate => ({
  apiVersion: GATEWAY_VERSION,
  kind: "GatewayClass",
  metadata: { name },
  spec: { controllerName: CONTROLLER },
});

function listenerOf(listener: ListenerSettings): object {
  const { name, port, hostname, tlsSecretName, routesFrom } = listener;
  const secure = tlsSecretName !== undefined;
  return compact({
    name: name ?? (secure ? "https" : "http"),
    protocol: secure ? "HTTPS" : "HTTP",
    port: port ?? (secure ? 443 : 80),
    hostname,
    allowedRoutes: { namespaces: { from: routesFrom ?? "Same" } },
    tls: secure ? { mode: "Terminate", certificateRefs: [{ name: tlsSecretName }] } : undefined,
  });
}

function envoyProxy(place: Place, settings: GatewaySettings): ObjectTemplate {
  const { expose, replicas, cpu, memory, serviceAnnotations, serviceAccountAnnotations } = settings;
  const requests = compact({ cpu, memory });
  const resources = compact({
    requests: Object.keys(requests).length === 0 ? undefined : requests,
    limits: memory === undefined ? undefined : { memory },
  });
  return objectIn(place, ENVOY_VERSION, "EnvoyProxy", {
    spec: {
      provider: {
        type: "Kubernetes",
        kubernetes: compact({
          envoyService: compact({
            name: serviceName(place),
            type: expose ?? "ClusterIP",
            annotations: serviceAnnotations,
          }),
          envoyServiceAccount:
            serviceAccountAnnotations === undefined
              ? undefined
              : { annotations: serviceAccountAnnotations },
          envoyDeployment: compact({
            replicas,
            container: Object.keys(resources).length === 0 ? undefined : { resources },
          }),
        }),
      },
    },
  });
}

/** Envoy Gateway's own names end in a hash; a fixed one can be told before it is there. */
const serviceName = (place: Place): Input<string> =>
  derive([place.namespace], (namespace) => `envoy-${namespace}-${place.name}`.slice(0, 63));

/**
 * Where clients find the gateway: the first listener's host name; else the first of the addresses, where
 * the world reaches it; else its Service's name.
 */
export function endpointOf(
  place: Place,
  settings: GatewaySettings,
  envoyNamespace: string,
  addresses: Input<string[]>,
): Input<string> {
  const [first = {}] = settings.listeners ?? [];
  const secure = first.tlsSecretName !== undefined;
  const outside = settings.expose === "LoadBalancer" ? addresses : [];
  return derive(
    [serviceName(place), first.port ?? (secure ? 443 : 80), first.hostname, outside],
    (service, port, hostname, [address]) => {
      const host =
        hostname === undefined || hostname.startsWith("*")
          ? address === undefined
            ? `${service}.${envoyNamespace}.svc.cluster.local`
            : bracketed(address)
          : hostname;
      const shown = port === (secure ? 443 : 80) ? "" : `:${port}`;
      return `${secure ? "https" : "http"}://${host}${shown}`;
    },
  );
}

const bracketed = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address);
