import type { BackendSecurityPolicy } from "../../api/index.ts";
import { type CredentialKind, sdsName } from "../credential.ts";

type KeyField = "apiKey" | "azureAPIKey" | "anthropicAPIKey";

/** Secret entry that holds the key, for all three kinds. */
const SECRET_KEY = "apiKey";

function keyKind(
  type: string,
  field: KeyField,
  header: string,
  prefix: string,
  brought: string,
): CredentialKind {
  return {
    type,
    brought: { name: brought, as: () => ({ header, prefix }) },
    compile(policy: BackendSecurityPolicy, secrets) {
      const ref = policy.spec[field]?.secretRef;
      if (ref === undefined) {
        return {
          ok: false,
          problem: {
            field: `spec.${field}.secretRef`,
            reason: "SecretNotFound",
            message: `spec.${field}.secretRef names the Secret with the key; it is missing`,
          },
        };
      }
      const found = secrets(ref, SECRET_KEY, `spec.${field}.secretRef`);
      if (!found.ok) return found;
      const value = found.value.trim();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what a header may not hold
      if (value === "" || /[\u0000-\u001f\u007f]/.test(value)) {
        return {
          ok: false,
          problem: {
            field: `spec.${field}.secretRef`,
            reason: "SecretInvalid",
            message: `entry ${SECRET_KEY} of Secret ${ref.name} is empty or has characters that no header may hold`,
          },
        };
      }
      const secretName = sdsName(policy, "key");
      return {
        ok: true,
        credential: { kind: "header", header, secretName },
        secrets: [[secretName, prefix + value]],
      };
    },
  };
}

export const apiKey = keyKind("APIKey", "apiKey", "authorization", "Bearer ", "x-aigw-api-key");
export const azureApiKey = keyKind(
  "AzureAPIKey",
  "azureAPIKey",
  "api-key",
  "",
  "x-aigw-azure-api-key",
);
export const anthropicApiKey = keyKind(
  "AnthropicAPIKey",
  "anthropicAPIKey",
  "x-api-key",
  "",
  "x-aigw-anthropic-api-key",
);
