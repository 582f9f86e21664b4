import { importPKCS8, SignJWT } from "jose";
import type { BackendSecurityPolicy } from "../../api/index.ts";
import { oidcToken } from "../oidc.ts";
import {
  askJson,
  entryOf,
  expiryOf,
  FORM,
  form,
  type Rotated,
  RotationError,
  type RotationTools,
  type Rotator,
  textIn,
} from "../rotation.ts";
import { GCP_TOKEN_KEY } from "./kind.ts";

type Gcp = NonNullable<BackendSecurityPolicy["spec"]["gcpCredentials"]>;
type Federation = NonNullable<Gcp["workloadIdentityFederationConfig"]>;

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const JSON_TYPE = { "content-type": "application/json" };
const LIFETIME_S = 3600;
const KEY_FIELD = "spec.gcpCredentials.credentialsFile";
const FEDERATION_FIELD = "spec.gcpCredentials.workloadIdentityFederationConfig";

/** A token of Google Cloud, for a service account's key or by workload identity federation. */
export const gcpRotator: Rotator = {
  needed: ({ spec }) =>
    spec.gcpCredentials?.credentialsFile !== undefined ||
    spec.gcpCredentials?.workloadIdentityFederationConfig !== undefined,
  async obtain({ spec }, tools) {
    const gcp = spec.gcpCredentials;
    if (gcp?.credentialsFile !== undefined) {
      const ref = gcp.credentialsFile.secretRef;
      return byKey(entryOf(tools, ref, "service_account.json", `${KEY_FIELD}.secretRef`), tools);
    }
    const federation = gcp?.workloadIdentityFederationConfig;
    if (gcp === undefined || federation === undefined) {
      throw new RotationError("spec.gcpCredentials names no credential");
    }
    return byFederation(gcp, federation, tools);
  },
};

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
async function byKey(json: string, { ask, now }: RotationTools): Promise<Rotated> {
  const { email, key, url } = accountOf(json);
  const asked = now();
  const issuedAt = Math.floor(asked / 1000);
  let assertion: string;
  try {
    assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: "RS256", typ: "JWT" })
      .setIssuer(email)
      .setAudience(url)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_S)
      .sign(await importPKCS8(key, "RS256"));
  } catch {
    throw new RotationError(`${KEY_FIELD}: private_key is no key in PKCS #8`);
  }
  const who = "Google's token endpoint";
  const answer = await askJson(ask, who, {
    method: "POST",
    url,
    headers: FORM,
    body: form({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }) as string,
  });
  return told(textIn(answer, "access_token", who), expiryOf(answer.expires_in, asked));
}

function accountOf(json: string): { email: string; key: string; url: string } {
  let file: Record<string, unknown>;
  try {
    file = Object(JSON.parse(json)) as Record<string, unknown>;
  } catch {
    throw new RotationError(`${KEY_FIELD}: service_account.json is not JSON`);
  }
  const { client_email, private_key, token_uri } = file;
  if (typeof client_email !== "string" || typeof private_key !== "string") {
    throw new RotationError(
      `${KEY_FIELD}: service_account.json has no client_email and private_key; it is no key of a service account`,
    );
  }
  const url = typeof token_uri === "string" ? token_uri : "https://oauth2.googleapis.com/token";
  return { email: client_email, key: private_key, url };
}

/** https://docs.cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token */
async function byFederation(
  { projectName }: Gcp,
  federation: Federation,
  tools: RotationTools,
): Promise<Rotated> {
  const { projectID, workloadIdentityPoolName, workloadIdentityProviderName } = federation;
  const subjectToken = await oidcToken(
    federation.oidcExchangeToken,
    `${FEDERATION_FIELD}.oidcExchangeToken`,
    tools,
  );
  const asked = tools.now();
  const who = "Google's security token service";
  const answer = await askJson(tools.ask, who, {
    method: "POST",
    url: `${tools.endpoints.googleSts}/v1/token`,
    headers: JSON_TYPE,
    body: JSON.stringify({
      grantType: "urn:ietf:params:oauth:grant-type:token-exchange",
      audience: `//iam.googleapis.com/projects/${projectID}/locations/global/workloadIdentityPools/${workloadIdentityPoolName}/providers/${workloadIdentityProviderName}`,
      scope: SCOPE,
      requestedTokenType: "urn:ietf:params:oauth:token-type:access_token",
      subjectToken,
      subjectTokenType: "urn:ietf:params:oauth:token-type:jwt",
    }),
  });
  const token = textIn(answer, "access_token", who);
  const account = federation.serviceAccountImpersonation?.serviceAccountName;
  if (account === undefined) return told(token, expiryOf(answer.expires_in, asked));
  const email = account.includes("@")
    ? account
    : `${account}@${projectName}.iam.gserviceaccount.com`;
  return impersonated(email, token, tools);
}

/** https://docs.cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
async function impersonated(
  email: string,
  token: string,
  { ask, endpoints, now }: RotationTools,
): Promise<Rotated> {
  const who = "Google's IAM credentials API";
  const answer = await askJson(ask, who, {
    method: "POST",
    url: `${endpoints.googleIam}/v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:generateAccessToken`,
    headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
    body: JSON.stringify({ scope: [SCOPE], lifetime: `${LIFETIME_S}s` }),
  });
  const expiresAt = Date.parse(String(answer.expireTime));
  return told(
    textIn(answer, "accessToken", who),
    Number.isNaN(expiresAt) ? expiryOf(undefined, now()) : expiresAt,
  );
}

const told = (token: string, expiresAt: number): Rotated => ({
  entries: { [GCP_TOKEN_KEY]: token },
  expiresAt,
});
