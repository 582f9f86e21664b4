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
  compile(policy, secrets) {
    const gcp = policy.spec.gcpCredentials;
    const token = tokenCredential(policy, secrets, GCP_TOKEN_KEY, "spec.gcpCredentials");
    if (!token.ok || gcp === undefined) return token;
    const [project, region] = [gcp.projectName, gcp.region].map(encodeURIComponent);
    return { ...token, pathPrefix: `v1/projects/${project}/locations/${region}` };
  },
};
