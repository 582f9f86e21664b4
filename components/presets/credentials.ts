/** Credentials as alternatives: of each group exactly one, which the compiler of TypeScript checks. */
import type { Input } from "@pulumi/pulumi";
import type {
  ApiKeyCredential,
  AwsCredential,
  AzureCredential,
  GcpCredential,
  GcpWorkloadIdentity,
  OidcTokenSource,
} from "../args/settings.generated.ts";

/** Only these fields, and none of the others. */
type Only<All extends object, Names extends keyof All> = Required<Pick<All, Names>> & {
  [Other in Exclude<keyof All, Names>]?: never;
};

/** A key, kept as a secret, or the name of an existing Secret that holds it. */
export type KeyOrSecret =
  | { apiKey: Input<string>; secretName?: never }
  | { apiKey?: never; secretName: Input<string> };

type AwsKeys = Pick<
  AwsCredential,
  "accessKeyId" | "secretAccessKey" | "sessionToken" | "secretName" | "profile" | "roleArn" | "oidc"
>;

/** Static keys, an existing Secret, a role for an OIDC token, or nothing: the pod's own identity. */
export type AwsIdentity =
  | (
      | Only<AwsKeys, "accessKeyId" | "secretAccessKey">
      | Only<AwsKeys, "accessKeyId" | "secretAccessKey" | "sessionToken">
    )
  | Only<AwsKeys, "secretName">
  | Only<AwsKeys, "secretName" | "profile">
  | Only<AwsKeys, "roleArn" | "oidc">
  | { [Name in keyof AwsKeys]?: never };

/** An application's secret, an existing Secret, or an OIDC token that stands for the application. */
export type AzureIdentity = { tenantId: Input<string>; clientId: Input<string> } & (
  | { clientSecret: Input<string>; secretName?: never; oidc?: never }
  | { clientSecret?: never; secretName: Input<string>; oidc?: never }
  | { clientSecret?: never; secretName?: never; oidc: OidcTokenSource }
);

/** A service account's key, an existing Secret, workload identity, or nothing: the pod's own. */
export type GcpIdentity =
  | { serviceAccountKey: Input<string>; secretName?: never; workloadIdentity?: never }
  | { serviceAccountKey?: never; secretName: Input<string>; workloadIdentity?: never }
  | { serviceAccountKey?: never; secretName?: never; workloadIdentity: GcpWorkloadIdentity }
  | { serviceAccountKey?: never; secretName?: never; workloadIdentity?: never };

export const apiKeyOf = ({ apiKey, secretName }: KeyOrSecret): { apiKey: ApiKeyCredential } => ({
  apiKey: apiKey === undefined ? { secretName } : { value: apiKey },
});

/** The credential of a backend, one of them. */
export interface CredentialFields {
  apiKey: ApiKeyCredential;
  aws: AwsCredential;
  azure: AzureCredential;
  gcp: GcpCredential;
}
