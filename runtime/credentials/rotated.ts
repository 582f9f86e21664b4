import type { BackendSecurityPolicy } from "../api/index.ts";
import { type CompiledCredential, type SecretLookup, sdsName } from "./credential.ts";

/** The Secret into which the controller writes what it obtained for a policy. */
export const rotatedSecretName = (policy: {
  metadata: Pick<BackendSecurityPolicy["metadata"], "name">;
}): string => `ai-eg-bsp-${policy.metadata.name}`;

/** A bearer token that the controller obtains and renews. */
export function tokenCredential(
  policy: BackendSecurityPolicy,
  secrets: SecretLookup,
  entry: string,
  field: string,
): CompiledCredential {
  const found = secrets({ name: rotatedSecretName(policy) }, entry, field);
  if (!found.ok) {
    const { problem } = found;
    const message = `${problem.message}; the controller writes it as soon as it has obtained a token`;
    return { ok: false, problem: { ...problem, message } };
  }
  const token = found.value.trim();
  // Whatever else it is, it is no token, and a header may not hold it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return {
      ok: false,
      problem: {
        field,
        reason: "SecretInvalid",
        message: `entry ${entry} of Secret ${rotatedSecretName(policy)} is no token; delete the Secret to have it written anew`,
      },
    };
  }
  const secretName = sdsName(policy, "token");
  return {
    ok: true,
    credential: { kind: "header", header: "authorization", secretName },
    secrets: [[secretName, `Bearer ${token}`]],
  };
}
