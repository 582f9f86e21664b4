import type { AIGatewayRoute } from "../../api/index.ts";
import { shortHash } from "../../lib/hash.ts";
import { present } from "../../lib/present.ts";
import { keyOf } from "../snapshot/snapshot.ts";
import type { ConfiguredCredential, CredentialPlan } from "./plan.ts";
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
  const configured = (one: ConfiguredCredential): ConfiguredCredential =>
    one.kind === "header" ? { ...one, secretName: bound(one.secretName) } : one;
  return {
    credential:
      credential.kind === "brought"
        ? {
            ...credential,
            ...present({ otherwise: credential.otherwise && configured(credential.otherwise) }),
          }
        : configured(credential),
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
  credential: CredentialPlan | undefined,
): string {
  const rule = route.spec.rules[ruleIndex];
  const twin = (rule?.backendRefs ?? [])
    .slice(0, refIndex)
    .filter((other) => sameBackend(other, rule?.backendRefs?.[refIndex])).length;
  const hash = shortHash(
    JSON.stringify(destination.addresses),
    destination.tls?.sni ?? "",
    credential === undefined ? "none" : identityOf(credential),
  );
  return `${keyOf(route.metadata)}/rule/${ruleIndex}/backend/${backend}${twin > 0 ? `#${twin}` : ""}/${hash}`;
}

/** What is referred to, without any secret. */
function identityOf(credential: CredentialPlan): string {
  switch (credential.kind) {
    case "header":
      return `${credential.header}:${credential.secretName}`;
    case "aws-sigv4":
      return `${credential.kind}:${credential.region}`;
    case "brought": {
      const { source, as, otherwise } = credential;
      return JSON.stringify([source, as, otherwise === undefined ? "" : identityOf(otherwise)]);
    }
  }
}

const sameBackend = (a: BackendRef, b: BackendRef | undefined): boolean =>
  a.name === b?.name && a.namespace === b?.namespace;
