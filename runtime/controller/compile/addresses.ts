import { isIP } from "node:net";
import type { AIServiceBackend } from "../../api/index.ts";
import type { Backend } from "../snapshot/foreign.ts";
import { keyOf, namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { referencePermitted } from "./grants.ts";
import type { Address, TlsPlan } from "./plan.ts";
import type { ProblemLog } from "./problem.ts";

/** Where an AIServiceBackend's traffic goes. */
export interface Destination {
  addresses: Address[];
  tls?: TlsPlan;
  http2: boolean;
}

const EG_GROUP = "gateway.envoyproxy.io";

/** Follows `spec.backendRef` to Envoy Gateway's Backend, and to the TLS policy that targets it. */
export function destinationOf(
  snapshot: Snapshot,
  service: AIServiceBackend,
  log: ProblemLog,
): Destination | undefined {
  const ref = service.spec.backendRef;
  if (ref.kind !== "Backend" || ref.group !== EG_GROUP) {
    return log.error(
      service,
      "spec.backendRef",
      "BackendUnsupported",
      `a ${ref.kind ?? "Service"} has no address outside a cluster; refer to a Backend of ${EG_GROUP}`,
    );
  }
  const namespace = ref.namespace ?? namespaceOf(service.metadata);
  const to = { group: EG_GROUP, kind: "Backend", name: ref.name, namespace };
  const from = {
    group: "aigateway.envoyproxy.io",
    kind: "AIServiceBackend",
    namespace: namespaceOf(service.metadata),
  };
  if (!referencePermitted(snapshot, from, to)) {
    return log.error(
      service,
      "spec.backendRef.namespace",
      "RefNotPermitted",
      `Backend ${namespace}/${ref.name} is in another namespace and no ReferenceGrant there permits it`,
    );
  }
  const backend = snapshot.Backend.get(`${namespace}/${ref.name}`);
  if (backend === undefined) {
    return log.error(
      service,
      "spec.backendRef.name",
      "BackendNotFound",
      `Backend ${namespace}/${ref.name} does not exist`,
    );
  }
  const addresses = addressesOf(backend, log);
  if (addresses.length === 0) return undefined;
  const tls = tlsOf(snapshot, backend, log);
  if (tls === "broken") return undefined;
  const http2 = (backend.spec.appProtocols ?? []).some((p) => p.endsWith("/h2c"));
  return { addresses, http2, ...(tls ? { tls } : {}) };
}

function addressesOf(backend: Backend, log: ProblemLog): Address[] {
  const addresses: Address[] = [];
  for (const [index, endpoint] of backend.spec.endpoints.entries()) {
    const { fqdn, ip } = endpoint;
    if (fqdn && isIP(fqdn.hostname) === 0) {
      addresses.push({ kind: "fqdn", host: fqdn.hostname, port: fqdn.port });
    } else if (ip && isIP(ip.address) !== 0) {
      addresses.push({ kind: "ip", host: ip.address, port: ip.port });
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

function tlsOf(
  snapshot: Snapshot,
  backend: Backend,
  log: ProblemLog,
): TlsPlan | undefined | "broken" {
  const policy = [...snapshot.BackendTLSPolicy.values()].find(
    (p) =>
      namespaceOf(p.metadata) === namespaceOf(backend.metadata) &&
      p.spec.targetRefs.some((ref) => ref.kind === "Backend" && ref.name === backend.metadata.name),
  );
  if (policy === undefined) return undefined;
  const { validation } = policy.spec;
  if (validation.wellKnownCACertificates === "System") {
    return { sni: validation.hostname, ca: { kind: "system" } };
  }
  const pems: string[] = [];
  for (const [index, ref] of (validation.caCertificateRefs ?? []).entries()) {
    const field = `spec.validation.caCertificateRefs[${index}]`;
    const key = `${namespaceOf(policy.metadata)}/${ref.name}`;
    const pem = snapshot.ConfigMap.get(key)?.data?.["ca.crt"];
    if (ref.kind !== "ConfigMap" || pem === undefined) {
      log.error(
        policy,
        field,
        "SecretNotFound",
        `ConfigMap ${key} with an entry "ca.crt" is needed`,
      );
      return "broken";
    }
    pems.push(pem);
  }
  if (pems.length === 0) {
    log.error(
      policy,
      "spec.validation",
      "InvalidValue",
      `${keyOf(policy.metadata)} names no CA: set wellKnownCACertificates: System or caCertificateRefs`,
    );
    return "broken";
  }
  return { sni: validation.hostname, ca: { kind: "pem", pem: pems.join("\n") } };
}
