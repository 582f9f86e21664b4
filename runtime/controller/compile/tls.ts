import type { Backend } from "../snapshot/foreign.ts";
import { keyOf, namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { targeting } from "../snapshot/view.ts";
import type { TlsPlan } from "./plan.ts";
import type { ProblemLog } from "./problem.ts";

/** TLS towards a Backend, from the policy that targets it; `broken` where that cannot be carried out. */
export function tlsOf(
  snapshot: Snapshot,
  backend: Backend,
  log: ProblemLog,
): TlsPlan | undefined | "broken" {
  const [policy] = targeting(snapshot, "BackendTLSPolicy", {
    kind: "Backend",
    namespace: namespaceOf(backend.metadata),
    name: backend.metadata.name,
  });
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
