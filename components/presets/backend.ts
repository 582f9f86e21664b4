import type { LlmBackendSettings, ProviderSchema } from "../args/settings.generated.ts";
import type { CredentialFields } from "./credentials.ts";

/** Sorts of credential that a schema's provider takes. */
interface CredentialsOf {
  OpenAI: "apiKey" | "aws" | "azure" | "gcp";
  Cohere: "apiKey";
  Anthropic: "apiKey";
  AzureOpenAI: "apiKey" | "azure";
  AWSBedrock: "aws" | "apiKey";
  AWSAnthropic: "aws" | "apiKey";
  GCPVertexAI: "gcp";
  GCPAnthropic: "gcp";
}

/** At most one credential, and one that fits. */
type OneCredential<S extends ProviderSchema> =
  | { [Name in keyof CredentialFields]?: never }
  | {
      [Name in CredentialsOf[S]]: { [N in Name]: CredentialFields[N] } & {
        [Other in Exclude<keyof CredentialFields, Name>]?: never;
      };
    }[CredentialsOf[S]];

type Others = Omit<LlmBackendSettings, "schema" | "version" | keyof CredentialFields>;

type VersionOf<S extends ProviderSchema> = S extends "AzureOpenAI"
  ? Required<Pick<LlmBackendSettings, "version">>
  : Pick<LlmBackendSettings, "version">;

/** A backend of one schema. */
export type BackendOf<S extends ProviderSchema> = Others & { schema: S } & VersionOf<S> &
  OneCredential<S>;

/** A backend, with what is wrong with its credential told by the compiler of TypeScript. */
export type LlmBackend = { [S in ProviderSchema]: BackendOf<S> }[ProviderSchema];

/** What every preset takes besides its own: fields of the backend that replace the preset's. */
export type Overrides = Partial<Omit<LlmBackendSettings, "schema" | keyof CredentialFields>>;
