/**
 * The servers that tokens come from, in one: an OIDC issuer with discovery, AWS STS, Entra, Google's
 * token endpoint, security token service and IAM credentials. Each refuses what the vendor refuses, in
 * the vendor's shape. Tokens say how they were come by, and count up.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { importSPKI, jwtVerify } from "jose";

export const OIDC_CLIENT = { id: "gateway:1", secret: "s3cret/+ &" };
export const AZURE_APPLICATION = { tenant: "t-1", client: "c-1", secret: "azure-secret" };
export const ROLE = "arn:aws:iam::123456789012:role/gateway";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

export interface TokenServer {
  /** Where everything is. */
  url: string;
  /** Seconds that what is handed out from now on lives. */
  lifetime: number;
  /** While set, every request is answered with this status. */
  failing: number | undefined;
  /** Path of each request that was answered. */
  asked: string[];
  /** Public key of the service account, in PEM. */
  serviceAccountKey: string | undefined;
  close(): Promise<void>;
}

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
interface Answered {
  status: number;
  body: unknown;
}

const refuse = (status: number, error: string, more = {}): Answered => ({
  status,
  body: { error, ...more },
});

export async function startTokenServer(): Promise<TokenServer> {
  let count = 0;
  const next = (what: string): string => {
    count += 1;
    return `${what}-${count}`;
  };

  async function answer(asked: Asked): Promise<Answered> {
    const { method, path, headers, body } = asked;
    const fields = new URLSearchParams(body);
    if (path === "/issuer/.well-known/openid-configuration" && method === "GET") {
      return {
        status: 200,
        body: { issuer: `${state.url}/issuer`, token_endpoint: `${state.url}/issuer/token` },
      };
    }
    if (method !== "POST") return refuse(405, "method_not_allowed");
    if (path === "/issuer/token") return issue(headers, fields);
    if (path === "/") return assumeRole(fields);
    if (path === `/${AZURE_APPLICATION.tenant}/oauth2/v2.0/token`) return entra(fields);
    if (path === "/google/token") return serviceAccount(fields);
    if (path === "/v1/token") return exchange(JSON.parse(body) as Record<string, unknown>);
    const account = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(path);
    if (account) return impersonate(decodeURIComponent(account[1] ?? ""), headers);
    return refuse(404, "not_found");
  }

  function issue(headers: Asked["headers"], fields: URLSearchParams): Answered {
    const [id, secret] = [OIDC_CLIENT.id, OIDC_CLIENT.secret].map((text) =>
      new URLSearchParams({ t: text }).toString().slice(2),
    );
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
    if (headers.authorization !== basic) return refuse(401, "invalid_client");
    if (fields.get("grant_type") !== "client_credentials")
      return refuse(400, "unsupported_grant_type");
    return { status: 200, body: { access_token: next("oidc"), token_type: "Bearer" } };
  }

  function assumeRole(fields: URLSearchParams): Answered {
    const failed = (code: string): Answered => ({
      status: 400,
      body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
    });
    const right =
      fields.get("Action") === "AssumeRoleWithWebIdentity" &&
      fields.get("Version") === "2011-06-15" &&
      /^[\w+=,.@-]{2,64}$/.test(fields.get("RoleSessionName") ?? "");
    if (!right) return failed("ValidationError");
    if (fields.get("RoleArn") !== ROLE) return failed("AccessDenied");
    if (!/^oidc-\d+$/.test(fields.get("WebIdentityToken") ?? ""))
      return failed("InvalidIdentityToken");
    const expiration = new Date(Date.now() + state.lifetime * 1000).toISOString();
    return {
      status: 200,
      body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><SessionToken>${next("session")}/+=&amp;</SessionToken><SecretAccessKey>secret/key</SecretAccessKey><Expiration>${expiration}</Expiration><AccessKeyId>ASIAEXAMPLE</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    };
  }

  function entra(fields: URLSearchParams): Answered {
    if (fields.get("grant_type") !== "client_credentials")
      return refuse(400, "unsupported_grant_type");
    if (fields.get("client_id") !== AZURE_APPLICATION.client)
      return refuse(400, "unauthorized_client");
    if (fields.get("scope") !== "https://cognitiveservices.azure.com/.default")
      return refuse(400, "invalid_scope");
    const assertion =
      fields.get("client_assertion_type") ===
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" &&
      /^oidc-\d+$/.test(fields.get("client_assertion") ?? "");
    if (!assertion && fields.get("client_secret") !== AZURE_APPLICATION.secret) {
      return refuse(401, "invalid_client", {
        error_description: `AADSTS7000215: ${fields.get("client_secret")}`,
      });
    }
    return {
      status: 200,
      body: { token_type: "Bearer", expires_in: state.lifetime, access_token: next("entra") },
    };
  }

  async function serviceAccount(fields: URLSearchParams): Promise<Answered> {
    if (fields.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer")
      return refuse(400, "unsupported_grant_type");
    try {
      const key = await importSPKI(state.serviceAccountKey ?? "", "RS256");
      const { payload } = await jwtVerify(fields.get("assertion") ?? "", key, {
        audience: `${state.url}/google/token`,
        issuer: "sa@p.iam.gserviceaccount.com",
      });
      if (payload.scope !== SCOPE) return refuse(400, "invalid_scope");
    } catch {
      return refuse(400, "invalid_grant");
    }
    return { status: 200, body: { access_token: next("google"), expires_in: state.lifetime } };
  }

  function exchange(fields: Record<string, unknown>): Answered {
    const right =
      fields.grantType === "urn:ietf:params:oauth:grant-type:token-exchange" &&
      fields.requestedTokenType === "urn:ietf:params:oauth:token-type:access_token" &&
      fields.subjectTokenType === "urn:ietf:params:oauth:token-type:jwt" &&
      fields.scope === SCOPE &&
      fields.audience ===
        "//iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/pool/providers/issuer" &&
      /^oidc-\d+$/.test(String(fields.subjectToken));
    if (!right) return refuse(400, "invalid_request");
    return { status: 200, body: { access_token: next("federated"), expires_in: state.lifetime } };
  }

  function impersonate(email: string, headers: Asked["headers"]): Answered {
    if (!/^Bearer federated-\d+$/.test(String(headers.authorization))) {
      return { status: 401, body: { error: { code: 401, status: "UNAUTHENTICATED" } } };
    }
    if (email !== "caller@project.iam.gserviceaccount.com") {
      return { status: 403, body: { error: { code: 403, status: "PERMISSION_DENIED" } } };
    }
    const expireTime = new Date(Date.now() + state.lifetime * 1000).toISOString();
    return { status: 200, body: { accessToken: next("impersonated"), expireTime } };
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      state.asked.push(path);
      const asked = { method, path, headers, body: Buffer.concat(chunks).toString() };
      const made: Promise<Answered> =
        state.failing === undefined
          ? answer(asked)
          : Promise.resolve(refuse(state.failing, "temporarily_unavailable"));
      void made.then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(typeof body === "string" ? body : JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const state: TokenServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lifetime: 3600,
    failing: undefined,
    asked: [],
    serviceAccountKey: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}
