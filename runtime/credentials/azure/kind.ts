import type { CredentialKind } from "../credential.ts";
import { tokenCredential } from "../rotated.ts";

/** Entry of the Secret that the controller writes. */
export const AZURE_TOKEN_KEY = "azureAccessToken";

/** A token of Entra, got by the controller for a client secret or an OIDC token. */
export const azureCredentials: CredentialKind = {
  type: "AzureCredentials",
  brought: {
    name: "x-aigw-azure-access-token",
    as: () => ({ header: "authorization", prefix: "Bearer " }),
  },
  compile: (policy, secrets) =>
    tokenCredential(policy, secrets, AZURE_TOKEN_KEY, "spec.azureCredentials"),
};
