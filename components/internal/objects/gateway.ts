import { isIP } from "node:net";
import type { Input } from "@pulumi/pulumi";
import {
  EXT_PROC_ANNOTATION,
  GATEWAY_CONFIG_ANNOTATION,
} from "../../../runtime/controller/compile/gateway-config.ts";
import { DEFAULT_EXT_PROC_RESOURCES } from "../../../runtime/manifests/ext-proc.ts";
import { sidecarPatch } from "../../../runtime/manifests/sidecar.ts";
import type { GatewaySettings, ListenerSettings } from "../../args/settings.generated.ts";
import { compact, derive } from "../inputs.ts";
import {
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
  const { className, listeners, bodyLimit, extProc } = settings;
  const config = gatewayConfig(place, settings);
  const gateway = objectIn(place, GATEWAY_VERSION, "Gateway", {
    spec: {
      gatewayClassName: className ?? place.name,
      listeners: (listeners ?? [{}]).map(listenerOf),
      infrastructure: {
        parametersRef: { group: ENVOY_GROUP, kind: "EnvoyProxy", name: place.name },
      },
    },
  });
  const annotations = {
    ...(config.length === 0 ? {} : { [GATEWAY_CONFIG_ANNOTATION]: place.name }),
    ...(extProc?.placement === "Sidecar" ? { [EXT_PROC_ANNOTATION]: "sidecar" } : {}),
  };
  if (Object.keys(annotations).length > 0) gateway.metadata.annotations = annotations;
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

/** What all routes of the gateway have in common; nothing where the inputs say nothing of it. */
function gatewayConfig(place: Place, settings: GatewaySettings): ObjectTemplate[] {
  const { costs, forwardProxy, extProc } = settings;
  const own =
    extProc?.placement === "Own"
      ? { kubernetes: compact({ image: extProc.image, resources: resourcesOf(extProc) }) }
      : undefined;
  if (costs === undefined && forwardProxy === undefined && own === undefined) return [];
  const spec = compact({
    extProc: own,
    globalLLMRequestCosts: costs,
    forwardProxy: forwardProxy === undefined ? undefined : { address: forwardProxy },
  });
  return [objectIn(place, AI_VERSION, "GatewayConfig", { spec })];
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
  const { expose, replicas, serviceAnnotations, serviceAccountAnnotations } = settings;
  const resources = resourcesOf(settings);
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
            container: resources === undefined ? undefined : { resources },
            patch: besideEnvoy(settings),
          }),
        }),
      },
    },
  });
}

/** What puts an external processor into Envoy's pods. */
function besideEnvoy({ extProc }: GatewaySettings): object | undefined {
  if (extProc?.placement !== "Sidecar") return undefined;
  const { cpu, memory } = { ...DEFAULT_EXT_PROC_RESOURCES, ...compact(extProc) };
  // An image may come later: the patch only holds it.
  const resources = { cpu, memory } as typeof DEFAULT_EXT_PROC_RESOURCES;
  return sidecarPatch({ image: extProc.image as string, extProc: { resources } });
}

/** A container's resources: what it asks for; of memory it may have no more. */
function resourcesOf({ cpu, memory }: Sizes): object | undefined {
  if (cpu === undefined && memory === undefined) return undefined;
  return compact({
    requests: compact({ cpu, memory }),
    limits: memory === undefined ? undefined : { memory },
  });
}

interface Sizes {
  cpu?: Input<string>;
  memory?: Input<string>;
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
