import type { CredentialPlan } from "../compile/plan.ts";
import { GATEWAY_HEADER_PREFIX } from "../names.ts";
import { extension, type JsonObject, typed } from "./json.ts";
import { type FilterAction, run } from "./matching.ts";

/** Headers that a credential writes; between attempts they go back to what the client sent. */
export function credentialHeaders(credential: CredentialPlan): string[] {
  return credential.kind === "header"
    ? [credential.header]
    : ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"];
}

/** How Envoy finds a secret by name: on the same stream as everything else. */
export const sds = (name: string): JsonObject => ({
  name,
  sds_config: { ads: {}, resource_api_version: "V3" },
});

/** The filter that puts a backend's credential into the request. */
export function credentialAction(credential: CredentialPlan): FilterAction {
  if (credential.kind === "header") {
    return run(
      "credential",
      typed("envoy.extensions.filters.http.credential_injector.v3.CredentialInjector", {
        overwrite: true,
        credential: extension(
          "envoy.http.injected_credentials.generic",
          "envoy.extensions.http.injected_credentials.generic.v3.Generic",
          { credential: sds(credential.secretName), header: credential.header },
        ),
      }),
    );
  }
  return run(
    "signature",
    typed("envoy.extensions.filters.http.aws_request_signing.v3.AwsRequestSigning", {
      service_name: credential.service,
      region: credential.region,
      // The gateway's own headers leave the request after it was signed.
      match_excluded_headers: [
        { prefix: GATEWAY_HEADER_PREFIX },
        { prefix: "x-envoy-" },
        { prefix: "x-forwarded-" },
      ],
      credential_provider: {
        inline_credential: {
          access_key_id: credential.accessKeyId,
          secret_access_key: credential.secretAccessKey,
          ...(credential.sessionToken === undefined
            ? {}
            : { session_token: credential.sessionToken }),
        },
      },
    }),
  );
}
