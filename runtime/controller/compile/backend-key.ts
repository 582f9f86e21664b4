import type { AIGatewayRoute } from "../../api/index.ts";
import { shortHash } from "../../lib/hash.ts";
import { keyOf } from "../snapshot/snapshot.ts";
import type { CredentialPlan } from "./plan.ts";
import type { BackendRef } from "./references.ts";

/**
 * A key is meant for where its backend is. When address and key change at once, secrets and clusters
 * reach Envoy at different instants; a name of its own for each destination keeps the new key from
 * the old host and the old one from the new.
 */
export function bindToDestination(
  { credential, secrets }: { credential: CredentialPlan; secrets: [name: string, value: string][] },
  destinationHash: string,
): { credential: CredentialPlan; secrets: [name: string, value: string][] } {
  const bound = (name: string): string => `${name}/${destinationHash}`;
  return {
    credential:
      credential.kind === "header"
        ? { ...credential, secretName: bound(credential.secretName) }
        : credential,
    secrets: secrets.map(([name, value]) => [bound(name), value]),
  };
}

/**
 * Two references to one backend in one rule differ in their overrides, so the reference's content
 * is part of the key; its position is not.
 */
export function backendKey(
  route: AIGatewayRoute,
  ruleIndex: number,
  refIndex: number,
  backend: string,
  destination: { addresses: unknown; tls?: { sni: string } },
  credential: { state: string; compiled?: { credential: CredentialPlan } },
): string {
  const rule = route.spec.rules[ruleIndex];
  const twin = (rule?.backendRefs ?? [])
    .slice(0, refIndex)
    .filter((other) => sameBackend(other, rule?.backendRefs?.[refIndex])).length;
  const reference = credential.compiled?.credential;
  const credentialId =
    reference === undefined
      ? "none"
      : reference.kind === "header"
        ? `${reference.header}:${reference.secretName}`
        : `${reference.kind}:${reference.region}`;
  const hash = shortHash(
    JSON.stringify(destination.addresses),
    destination.tls?.sni ?? "",
    credentialId,
  );
  return `${keyOf(route.metadata)}/rule/${ruleIndex}/backend/${backend}${twin > 0 ? `#${twin}` : ""}/${hash}`;
}

const sameBackend = (a: BackendRef, b: BackendRef | undefined): boolean =>
  a.name === b?.name && a.namespace === b?.namespace;
