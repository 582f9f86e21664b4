import type { BackendSecurityPolicy } from "../../api/index.ts";
import type { CredentialKind } from "../../credentials/credential.ts";
import { GATEWAY_HEADER_PREFIX } from "../../program/names.ts";
import type { BroughtCredential } from "./plan.ts";
import type { ProblemLog } from "./problem.ts";

/** A header's name by RFC 9110. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** What has a meaning of its own where Envoy formats metadata. */
const PLAIN = /^[^%:()\s]+$/;

/** Where the requests of a policy bring their credential; undefined, with a problem, where that cannot be. */
export function broughtBy(
  policy: BackendSecurityPolicy,
  { brought }: CredentialKind,
  log: ProblemLog,
): Pick<BroughtCredential, "source" | "as"> | undefined {
  const { fromRequestHeaders, fromDynamicMetadata } = policy.spec.credentialOverride ?? {};
  const as = brought.as(policy);
  if (fromDynamicMetadata !== undefined) {
    const { namespace, key = brought.metadataKey ?? brought.name } = fromDynamicMetadata;
    if (PLAIN.test(namespace) && PLAIN.test(key)) return { source: { namespace, key }, as };
    return log.error(
      policy,
      "spec.credentialOverride.fromDynamicMetadata",
      "InvalidValue",
      "namespace and key may have neither spaces nor any of %:()",
    );
  }
  const name = (fromRequestHeaders?.header ?? brought.name).toLowerCase();
  const headers = brought.parts?.map((part) => name + part) ?? [name];
  const wrong = headers.find(
    (header) => !TOKEN.test(header) || header.startsWith(GATEWAY_HEADER_PREFIX),
  );
  if (wrong === undefined) return { source: { headers }, as };
  return log.error(
    policy,
    "spec.credentialOverride.fromRequestHeaders.header",
    "InvalidValue",
    `${wrong} is no name of a header that clients can send; those with ${GATEWAY_HEADER_PREFIX} are the gateway's own`,
  );
}
