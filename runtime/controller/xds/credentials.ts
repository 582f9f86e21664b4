import { GATEWAY_HEADER_PREFIX } from "../../program/names.ts";
import type { CredentialPlan } from "../compile/plan.ts";
import { extension, type JsonObject, typed } from "./json.ts";
import { type FilterAction, run } from "./matching.ts";

/**
 * Where clients put keys. With a credential of its own, a backend gets none of them: SDKs send a key
 * under whichever name they please, and it is not meant for the provider.
 */
const CLIENT_KEY_HEADERS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];
const SIGNATURE_HEADERS = ["x-amz-date", "x-amz-content-sha256", "x-amz-security-token"];

/** Headers that go before a backend's own credential comes. */
export const headersToDrop = (credential: CredentialPlan): string[] =>
  credential.kind === "header"
    ? CLIENT_KEY_HEADERS.filter((name) => name !== credential.header)
    : [...CLIENT_KEY_HEADERS, ...SIGNATURE_HEADERS];

/** Headers that a credential changes; between attempts they go back to what the client sent. */
export const credentialHeaders = (credential: CredentialPlan): string[] =>
  credential.kind === "header" ? CLIENT_KEY_HEADERS : [...CLIENT_KEY_HEADERS, ...SIGNATURE_HEADERS];

/** How Envoy finds a secret by name: on the same stream as everything else. */
export const sds = (name: string): JsonObject => ({
  name,
  sds_config: { ads: {}, resource_api_version: "V3" },
});

/**
 * The filter that puts a backend's credential into the request. `host` is the name that the request
 * will carry: Envoy rewrites it only after this filter, and a signature must cover it.
 */
export function credentialAction(credential: CredentialPlan, host: string): FilterAction {
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
      host_rewrite: host,
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
