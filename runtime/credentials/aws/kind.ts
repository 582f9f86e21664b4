import type { CredentialKind } from "../credential.ts";
import { readProfile } from "./profile.ts";

/** Entry of the Secret that `credentialsFile.secretRef` names. */
const SECRET_KEY = "credentials";

/** Service name in the signature's scope; runtime and control endpoints of Bedrock share it. */
const SERVICE = "bedrock";

/** Static AWS keys. Rotated and ambient credentials need the controller. */
export const awsCredentials: CredentialKind = {
  type: "AWSCredentials",
  compile(policy, secrets) {
    const aws = policy.spec.awsCredentials;
    const file = aws?.credentialsFile;
    if (aws === undefined || file === undefined) {
      return {
        ok: false,
        problem: {
          field: "spec.awsCredentials",
          reason: "PolicyUnsupported",
          message:
            "only spec.awsCredentials.credentialsFile (static keys in a Secret) is served here; OIDC exchange and ambient credentials need the controller",
        },
      };
    }
    const found = secrets(
      file.secretRef,
      SECRET_KEY,
      "spec.awsCredentials.credentialsFile.secretRef",
    );
    if (!found.ok) return found;
    const profile = file.profile ?? "default";
    const keys = readProfile(found.value, profile);
    if (keys === undefined) {
      return {
        ok: false,
        problem: {
          field: "spec.awsCredentials.credentialsFile",
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
