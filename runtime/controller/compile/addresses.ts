import { isIP, isIPv6 } from "node:net";
import type { AIServiceBackend } from "../../api/index.ts";
import type { Backend } from "../snapshot/foreign.ts";
import { keyOf, namespaceOf } from "../snapshot/snapshot.ts";
import { referencePermitted } from "./grants.ts";
import type { Address, Origin, TlsPlan } from "./plan.ts";
import type { ProblemLog } from "./problem.ts";
import { HTTP_ROUTE, type ReferenceContext } from "./references.ts";
import { tlsOf } from "./tls.ts";

/** Where an AIServiceBackend's traffic goes. */
export interface Destination {
  origin: Omit<Origin, "position">;
  addresses: Address[];
  tls?: TlsPlan;
  http2: boolean;
}

/** The Host header of requests to an address. */
export const hostnameOf = ({ host }: Address): string => (isIPv6(host) ? `[${host}]` : host);

const EG_GROUP = "gateway.envoyproxy.io";

/** What following a backend's reference needs to know. */
export interface DestinationContext extends Pick<ReferenceContext, "snapshot" | "options" | "log"> {
  /** Namespace of the route on whose behalf it is followed. */
  routeNamespace: string;
}

/** Follows `spec.backendRef` to Envoy Gateway's Backend, or to a Service. */
export function destinationOf(
  context: DestinationContext,
  service: AIServiceBackend,
): Destination | undefined {
  const { options, log } = context;
  const { kind, group } = service.spec.backendRef;
  if (kind === "Backend" && group === EG_GROUP) return backendDestination(context, service);
  if (kind === "Service" && group === "" && options.platform === "cluster")
    return serviceDestination(context, service);
  return log.error(
    service,
    "spec.backendRef",
    "BackendUnsupported",
    options.platform === "cluster"
      ? `${kind} of group "${group}" is no backend; refer to a Backend of ${EG_GROUP} or to a Service`
      : `a ${kind} has no address outside a cluster; refer to a Backend of ${EG_GROUP}`,
  );
}

function backendDestination(
  context: DestinationContext,
  service: AIServiceBackend,
): Destination | undefined {
  const { snapshot, options, log } = context;
  const { name } = service.spec.backendRef;
  const origin = {
    group: EG_GROUP,
    kind: "Backend",
    namespace: targetNamespace(service),
    name,
  } as const;
  if (!permitted(context, service, origin)) return undefined;
  const backend = snapshot.Backend.get(`${origin.namespace}/${name}`);
  if (backend === undefined) return missing(service, origin, log);
  const addresses = addressesOf(backend, log);
  if (addresses.length === 0) return undefined;
  const http2 = (backend.spec.appProtocols ?? []).some((p) => p.endsWith("/h2c"));
  if (options.platform === "cluster") {
    // Envoy Gateway makes the TLS, from more kinds of sources than are read here, and tells of it.
    return mixed(backend, addresses, log) ? undefined : { origin, addresses, http2 };
  }
  const tls = tlsOf(snapshot, backend, log);
  if (tls === "broken") return undefined;
  return { origin, addresses, http2, ...(tls ? { tls } : {}) };
}

function serviceDestination(
  context: DestinationContext,
  service: AIServiceBackend,
): Destination | undefined {
  const { snapshot, log } = context;
  const { name, port } = service.spec.backendRef;
  const namespace = targetNamespace(service);
  const target = { group: "", kind: "Service", namespace, name } as const;
  if (!permitted(context, service, target)) return undefined;
  const found = snapshot.Service.get(`${namespace}/${name}`);
  if (found === undefined) return missing(service, target, log);
  if (found.spec.type === "ExternalName") {
    return log.error(
      service,
      "spec.backendRef",
      "BackendUnsupported",
      `Service ${namespace}/${name} is of type ExternalName; refer to a Backend with an fqdn endpoint instead`,
    );
  }
  const ports = found.spec.ports ?? [];
  const match = ports.find((candidate) => candidate.port === port);
  if (port === undefined || match === undefined) {
    return log.error(
      service,
      "spec.backendRef.port",
      "BackendNotFound",
      `Service ${namespace}/${name} has no port ${port}; it has ${ports.map((p) => p.port).join(", ") || "none"}`,
    );
  }
  return {
    origin: { ...target, port },
    addresses: [{ kind: "service", host: `${name}.${namespace}`, port }],
    http2: match.appProtocol === "kubernetes.io/h2c",
  };
}

const targetNamespace = (service: AIServiceBackend): string =>
  service.spec.backendRef.namespace ?? namespaceOf(service.metadata);

type Target = { group: string; kind: string; namespace: string; name: string };

/**
 * In a cluster, the HTTPRoute refers to the backend, and Envoy Gateway asks for a grant to that one;
 * elsewhere it is the AIServiceBackend that refers to it.
 */
function permitted(
  { snapshot, options, routeNamespace, log }: DestinationContext,
  service: AIServiceBackend,
  to: Target,
): boolean {
  const from =
    options.platform === "cluster"
      ? { ...HTTP_ROUTE, namespace: routeNamespace }
      : {
          group: "aigateway.envoyproxy.io",
          kind: "AIServiceBackend",
          namespace: namespaceOf(service.metadata),
        };
  if (referencePermitted(snapshot, from, to)) return true;
  log.error(
    service,
    "spec.backendRef.namespace",
    "RefNotPermitted",
    `${to.kind} ${to.namespace}/${to.name} is in another namespace and no ReferenceGrant there permits it to ${from.kind} of namespace ${from.namespace}`,
  );
  return false;
}

const missing = (service: AIServiceBackend, to: Target, log: ProblemLog): undefined =>
  log.error(
    service,
    "spec.backendRef.name",
    "BackendNotFound",
    `${to.kind} ${to.namespace}/${to.name} does not exist`,
  );

function addressesOf(backend: Backend, log: ProblemLog): Address[] {
  if (backend.spec.type === "DynamicResolver") {
    log.error(
      backend,
      "spec.type",
      "BackendUnsupported",
      "a DynamicResolver takes its address from the request; an AI backend needs endpoints",
    );
    return [];
  }
  const addresses: Address[] = [];
  for (const [index, { fqdn, ip, unix }] of (backend.spec.endpoints ?? []).entries()) {
    if (fqdn && isIP(fqdn.hostname) === 0) {
      addresses.push({ kind: "fqdn", host: fqdn.hostname, port: fqdn.port });
    } else if (ip && isIP(ip.address) !== 0) {
      addresses.push({ kind: "ip", host: ip.address, port: ip.port });
    } else if (unix) {
      addresses.push({ kind: "unix", host: unix.path, port: 0 });
    } else {
      log.error(
        backend,
        `spec.endpoints[${index}]`,
        "InvalidValue",
        "an endpoint is either fqdn (a host name) or ip (an address), each with a port",
      );
    }
  }
  return addresses;
}

/** Envoy Gateway refuses a Backend that mixes names with addresses, and with it the whole reference. */
function mixed(backend: Backend, addresses: readonly Address[], log: ProblemLog): boolean {
  const names = addresses.filter(({ kind }) => kind === "fqdn").length;
  if (names === 0 || names === addresses.length) return false;
  log.error(
    backend,
    "spec.endpoints",
    "BackendUnsupported",
    `Backend ${keyOf(backend.metadata)} mixes fqdn with other endpoints, which Envoy Gateway does not serve; make it two Backends`,
  );
  return true;
}
