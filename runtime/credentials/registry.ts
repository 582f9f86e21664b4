import { anthropicApiKey, apiKey, azureApiKey } from "./api-key/kinds.ts";
import { awsCredentials } from "./aws/kind.ts";
import { azureCredentials } from "./azure/kind.ts";
import type { CredentialKind } from "./credential.ts";
import { gcpCredentials } from "./gcp/kind.ts";

/** Every kind of credential that is served; one line each. */
const kinds: readonly CredentialKind[] = [
  apiKey,
  azureApiKey,
  anthropicApiKey,
  awsCredentials,
  azureCredentials,
  gcpCredentials,
];

const byType = new Map(kinds.map((kind) => [kind.type, kind]));

export const credentialKind = (type: string): CredentialKind | undefined => byType.get(type);
export const credentialTypes = (): string[] => [...byType.keys()];
