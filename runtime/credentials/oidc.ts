import type { BackendSecurityPolicy } from "../api/index.ts";
import {
  askJson,
  entryOf,
  FORM,
  form,
  RotationError,
  type RotationTools,
  textIn,
} from "./rotation.ts";

/** What every kind of credential that an OIDC token is exchanged for has in common. */
type Exchange = NonNullable<
  NonNullable<BackendSecurityPolicy["spec"]["azureCredentials"]>["oidcExchangeToken"]
>;

/**
 * A token of the identity provider, got by the client's own secret (RFC 6749, 4.4).
 * @param field of the exchange in the policy, for errors
 * @throws {RotationError}
 */
export async function oidcToken(
  { oidc, grantType = "client_credentials", aud }: Exchange,
  field: string,
  tools: RotationTools,
): Promise<string> {
  const clientId =
    oidc.clientID ??
    (oidc.clientIDRef === undefined
      ? undefined
      : entryOf(tools, oidc.clientIDRef, "client-id", `${field}.oidc.clientIDRef`));
  if (clientId === undefined) throw new RotationError(`${field}.oidc: clientID is missing`);
  const secret = entryOf(tools, oidc.clientSecret, "client-secret", `${field}.oidc.clientSecret`);
  const scopes = oidc.scopes ?? [];
  const who = "the identity provider's token endpoint";
  const answer = await askJson(tools.ask, who, {
    method: "POST",
    url: oidc.provider.tokenEndpoint ?? (await discovered(oidc.provider.issuer, tools)),
    headers: { ...FORM, authorization: basic(clientId, secret) },
    body: form({
      grant_type: grantType,
      scope: scopes.length === 0 ? undefined : scopes.join(" "),
      audience: aud,
    }) as string,
  });
  return textIn(answer, "access_token", who);
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html */
async function discovered(issuer: string, { ask }: RotationTools): Promise<string> {
  const who = "the identity provider's discovery document";
  const url = `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`;
  const endpoint = textIn(await askJson(ask, who, { method: "GET", url }), "token_endpoint", who);
  if (!/^https?:\/\//.test(endpoint)) throw new RotationError(`${who} names no token endpoint`);
  return endpoint;
}

/** Name and secret are form-encoded before they are joined (RFC 6749, 2.3.1). */
function basic(id: string, secret: string): string {
  const encoded = [id, secret].map((text) => new URLSearchParams({ t: text }).toString().slice(2));
  return `Basic ${Buffer.from(encoded.join(":")).toString("base64")}`;
}
