import type { BackendSecurityPolicy } from "../api/index.ts";
import { awsRotator } from "./aws/rotate.ts";
import { azureRotator } from "./azure/rotate.ts";
import { gcpRotator } from "./gcp/rotate.ts";
import type { Rotator } from "./rotation.ts";

/** By `spec.type`: every kind of credential that the controller obtains; one line each. */
const rotators = new Map<string, Rotator>([
  ["AWSCredentials", awsRotator],
  ["AzureCredentials", azureRotator],
  ["GCPCredentials", gcpRotator],
]);

/** Undefined for policies whose credential stands in a Secret of the user's. */
export function rotatorOf(policy: BackendSecurityPolicy): Rotator | undefined {
  const rotator = rotators.get(policy.spec.type);
  return rotator?.needed(policy) ? rotator : undefined;
}
