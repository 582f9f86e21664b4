import { CREDENTIAL_HEADER, GATEWAY_HEADER_PREFIX, SIGNED_HEADER } from "../../program/names.ts";
import type { BroughtCredential, ConfiguredCredential, CredentialPlan } from "../compile/plan.ts";
import { type HeaderStep, headerMutation, literal, removeHeader, setHeader } from "./headers.ts";
import { extension, type JsonObject, typed } from "./json.ts";
import { type FilterAction, ifPresent, matchNext, run, skip } from "./matching.ts";

/**
 * Where clients put keys. With a credential of its own, a backend gets none of them: SDKs send a key
 * under whichever name they please, and it is not meant for the provider.
 */
const CLIENT_KEY_HEADERS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];
const SIGNATURE_HEADERS = ["x-amz-date", "x-amz-content-sha256", "x-amz-security-token"];

const keysBut = (...kept: readonly string[]): string[] =>
  CLIENT_KEY_HEADERS.filter((name) => !kept.includes(name));

/** Headers that go before a backend's own credential comes. */
export function headersToDrop(credential: CredentialPlan): string[] {
  switch (credential.kind) {
    case "header":
      return keysBut(credential.header);
    case "aws-sigv4":
      return [...CLIENT_KEY_HEADERS, ...SIGNATURE_HEADERS];
    case "brought":
      // What ext_proc signs has lost them before (`beforeProgram`).
      return "region" in credential.as
        ? []
        : keysBut(credential.as.header, ...broughtHeaders(credential));
  }
}

/** Headers that a credential changes; between attempts they go back to what the client sent. */
export function credentialHeaders(credential: CredentialPlan): string[] {
  switch (credential.kind) {
    case "header":
      return CLIENT_KEY_HEADERS;
    case "aws-sigv4":
      return [...CLIENT_KEY_HEADERS, ...SIGNATURE_HEADERS];
    case "brought":
      return [...CLIENT_KEY_HEADERS, ...SIGNATURE_HEADERS, ...broughtHeaders(credential)];
  }
}

/** Headers in which clients bring a credential: for one backend, and never for others. */
export const broughtHeaders = (credential: CredentialPlan | undefined): readonly string[] =>
  credential?.kind === "brought" && "headers" in credential.source ? credential.source.headers : [];

/** What a request needs before ext_proc signs it. */
export function beforeProgram(credential: CredentialPlan | undefined): HeaderStep[] {
  if (credential?.kind !== "brought" || !("region" in credential.as)) return [];
  const kept = broughtHeaders(credential);
  return [
    ...[...CLIENT_KEY_HEADERS, ...SIGNATURE_HEADERS, SIGNED_HEADER]
      .filter((name) => !kept.includes(name))
      .map(removeHeader),
    ...fromMetadata(credential),
  ];
}

/** What a request needs before its credential is put in. */
export const beforeCredential = (credential: CredentialPlan | undefined): HeaderStep[] =>
  credential?.kind === "brought" && "header" in credential.as ? fromMetadata(credential) : [];

const fromMetadata = ({ source }: BroughtCredential): HeaderStep[] =>
  "headers" in source
    ? []
    : [
        removeHeader(CREDENTIAL_HEADER),
        setHeader(CREDENTIAL_HEADER, `%DYNAMIC_METADATA(${source.namespace}:${source.key})%`),
      ];

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
  switch (credential.kind) {
    case "header":
      return injection(credential);
    case "aws-sigv4":
      return signature(credential, host);
    case "brought":
      return broughtAction(credential, host);
  }
}

function broughtAction(credential: BroughtCredential, host: string): FilterAction {
  const { as, source, otherwise } = credential;
  const without = otherwise === undefined ? REFUSED : credentialAction(otherwise, host);
  if ("region" in as) {
    const signed = run("signed", headerMutation([removeHeader(SIGNED_HEADER)]));
    return matchNext(ifPresent(SIGNED_HEADER, signed, without));
  }
  const [from = CREDENTIAL_HEADER] = "headers" in source ? source.headers : [];
  // A client that uses the provider's own header writes it as the provider wants it.
  const brought =
    from === as.header
      ? skip
      : run(
          "brought",
          headerMutation([
            setHeader(as.header, `${literal(as.prefix)}%REQ(${from})%`),
            removeHeader(from),
          ]),
        );
  return matchNext(ifPresent(from, brought, without));
}

const REFUSED: FilterAction = run(
  "credential-missing",
  typed("envoy.extensions.filters.http.lua.v3.Lua", {
    default_source_code: {
      inline_string:
        "function envoy_on_request(handle) handle:respond({[':status'] = '401'}, 'the provider of this model is called with the credential of the request, which has none') end",
    },
  }),
);

const injection = ({ secretName, header }: Configured<"header">): FilterAction =>
  run(
    "credential",
    typed("envoy.extensions.filters.http.credential_injector.v3.CredentialInjector", {
      overwrite: true,
      credential: extension(
        "envoy.http.injected_credentials.generic",
        "envoy.extensions.http.injected_credentials.generic.v3.Generic",
        { credential: sds(secretName), header },
      ),
    }),
  );

const signature = (credential: Configured<"aws-sigv4">, host: string): FilterAction =>
  run(
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

type Configured<Kind> = Extract<ConfiguredCredential, { kind: Kind }>;
