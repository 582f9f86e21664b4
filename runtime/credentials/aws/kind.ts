import type { CredentialKind } from "../credential.ts";
import { rotatedSecretName } from "../rotated.ts";
import { readProfile } from "./profile.ts";

/** Entry of the Secret that `credentialsFile.secretRef` names. */
const SECRET_KEY = "credentials";

/** Service name in the signature's scope; runtime and control endpoints of Bedrock share it. */
const SERVICE = "bedrock";

/** AWS keys: static ones, or those of a role that the controller obtains for an OIDC token. */
export const awsCredentials: CredentialKind = {
  type: "AWSCredentials",
  brought: {
    name: "x-aigw-aws-",
    parts: ["access-key-id", "secret-access-key", "session-token"],
    metadataKey: "x-aigw-aws-credentials",
    as: ({ spec }) => ({ region: spec.awsCredentials?.region ?? "", service: SERVICE }),
  },
  compile(policy, secrets) {
    const aws = policy.spec.awsCredentials;
    const exchanged = aws?.oidcExchangeToken !== undefined;
    const file = exchanged
      ? { secretRef: { name: rotatedSecretName(policy) }, profile: "default" }
      : aws?.credentialsFile;
    if (aws === undefined || file === undefined) {
      return {
        ok: false,
        problem: {
          field: "spec.awsCredentials",
          reason: "PolicyUnsupported",
          message:
            "only spec.awsCredentials.credentialsFile (static keys in a Secret) and oidcExchangeToken are served; credentials of the environment are not yet",
        },
      };
    }
    const field = exchanged
      ? "spec.awsCredentials.oidcExchangeToken"
      : "spec.awsCredentials.credentialsFile";
    const found = secrets(file.secretRef, SECRET_KEY, exchanged ? field : `${field}.secretRef`);
    if (!found.ok) return found;
    const profile = file.profile ?? "default";
    const keys = readProfile(found.value, profile);
    if (keys === undefined) {
      return {
        ok: false,
        problem: {
          field,
          reason: "SecretInvalid",
          message: `entry ${SECRET_KEY} of Secret ${file.secretRef.name} has no profile "${profile}" with aws_access_key_id and aws_secret_access_key`,
        },
      };
    }
    return {
      ok: true,
      credential: { kind: "aws-sigv4", region: aws.region, service: SERVICE, ...keys },
      secrets: [],
    };
  },
};
