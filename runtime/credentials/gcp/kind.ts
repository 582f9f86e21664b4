import type { BackendSecurityPolicy } from "../../api/index.ts";
import { present } from "../../lib/present.ts";
import type { CredentialKind } from "../credential.ts";
import { tokenCredential } from "../rotated.ts";

/** Entry of the Secret that the controller writes. */
export const GCP_TOKEN_KEY = "gcpAccessToken";

/**
 * A token of Google Cloud, got by the controller for a service account's key, by workload identity
 * federation or from its environment. Paths of Vertex AI begin with the project and the region.
 */
export const gcpCredentials: CredentialKind = {
  type: "GCPCredentials",
  brought: {
    name: "x-aigw-gcp-access-token",
    as: () => ({ header: "authorization", prefix: "Bearer " }),
    pathPrefix,
  },
  compile(policy, secrets) {
    const token = tokenCredential(policy, secrets, GCP_TOKEN_KEY, "spec.gcpCredentials");
    return token.ok ? { ...token, ...present({ pathPrefix: pathPrefix(policy) }) } : token;
  },
};

function pathPrefix({ spec: { gcpCredentials: gcp } }: BackendSecurityPolicy): string | undefined {
  if (gcp === undefined) return undefined;
  const [project, region] = [gcp.projectName, gcp.region].map(encodeURIComponent);
  return `v1/projects/${project}/locations/${region}`;
}
