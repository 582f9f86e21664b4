/** Envoy Gateway's OIDC settings, which policies embed to say where a token comes from. */
import { z } from "zod";
import { text } from "../schema/fields.ts";
import { list } from "../schema/lists.ts";
import { named } from "../schema/names.ts";
import { exactlyOneOf, withRules } from "../schema/rules.ts";
import {
  backendObjectReference,
  backendReference,
  duration,
  secretReference,
} from "../shared/gateway-api.ts";
import { clusterSettings } from "./cluster-settings.ts";

/** Rules on the settings of a backend that the gateway itself calls. */
export const REMOTE_BACKEND_RULES = [
  { rule: "!has(self.backendRef)", message: "use backendRefs; backendRef is not supported" },
  {
    rule: "!has(self.backendSettings) || !has(self.backendSettings.retry) || !has(self.backendSettings.retry.perRetry) || !has(self.backendSettings.retry.perRetry.timeout)",
    message: "backendSettings.retry.perRetry.timeout is not supported",
  },
  {
    rule: "!has(self.backendSettings) || !has(self.backendSettings.retry) || !has(self.backendSettings.retry.retryOn) || !has(self.backendSettings.retry.retryOn.httpStatusCodes)",
    message: "backendSettings.retry.retryOn.httpStatusCodes is not supported",
  },
];

/** Fields that say through which backend a server is called. */
export const remoteBackendShape = {
  backendRef: backendObjectReference.describe("Not supported; use backendRefs.").optional(),
  backendRefs: list(backendReference, { max: 16 })
    .describe("Backends of the server; the host of its URL where left out.")
    .optional(),
  backendSettings: clusterSettings.optional(),
};

const endpoint = (what: string) =>
  z.string().describe(`URL of the ${what}; as the issuer publishes it where left out.`).optional();

const provider = withRules(
  z.object({
    ...remoteBackendShape,
    issuer: text({ min: 1 }).describe("URL of the issuer."),
    authorizationEndpoint: endpoint("authorization endpoint"),
    tokenEndpoint: endpoint("token endpoint"),
    endSessionEndpoint: endpoint("end-session endpoint"),
  }),
  REMOTE_BACKEND_RULES,
).describe("The server that issues tokens.");

const denyRedirect = z
  .object({
    headers: list(
      z.object({
        name: text({ min: 1 }).describe("Name of the header."),
        type: z
          .enum(["Exact", "Prefix", "Suffix", "RegularExpression"])
          .default("Exact")
          .describe("How the value is compared."),
        value: text({ min: 1, max: 1024 }).describe("What it is compared with."),
      }),
      { min: 1, max: 16 },
    ).describe("Conditions on headers."),
  })
  .describe("Requests that get 401 rather than a redirect to the login.");

export const oidc = named(
  "OIDC",
  withRules(
    z.object({
      provider,
      clientID: text({ min: 1 }).describe("Client id.").optional(),
      clientIDRef: secretReference
        .describe("Secret that holds the client id under `client-id`.")
        .optional(),
      clientSecret: secretReference.describe(
        "Secret that holds the client secret under `client-secret`.",
      ),
      scopes: list(z.string()).describe("Scopes to ask for.").optional(),
      resources: list(z.string()).describe("Resources to ask for.").optional(),
      redirectURL: z.string().describe("URL that the login returns to.").optional(),
      logoutPath: z.string().describe("Path that ends the session.").optional(),
      forwardAccessToken: z
        .boolean()
        .describe("Whether the access token goes to the backend, in Authorization.")
        .optional(),
      forwardIDToken: z
        .object({ header: text({ min: 1 }).describe("Header that carries it.") })
        .describe("Sends the id token to the backend.")
        .optional(),
      defaultTokenTTL: duration().describe("Lifetime of a token that states none.").optional(),
      refreshToken: z.boolean().default(true).describe("Whether tokens are refreshed."),
      defaultRefreshTokenTTL: duration()
        .describe("Lifetime of a refresh token that states none.")
        .optional(),
      csrfTokenTTL: duration().describe("Lifetime of the token of a login under way.").optional(),
      cookieNames: z
        .object({
          accessToken: z.string().describe("Cookie of the access token.").optional(),
          idToken: z.string().describe("Cookie of the id token.").optional(),
        })
        .describe("Names of cookies.")
        .optional(),
      cookieConfig: z
        .object({
          sameSite: z.enum(["Lax", "Strict", "None"]).describe("SameSite of cookies.").optional(),
        })
        .describe("Attributes of cookies.")
        .optional(),
      cookieDomain: text({
        pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9]))*$/,
      })
        .describe("Domain of cookies.")
        .optional(),
      disableTokenEncryption: z
        .boolean()
        .describe("Whether tokens stand in cookies unencrypted.")
        .optional(),
      passThroughAuthHeader: z
        .boolean()
        .describe("Whether a request that has an Authorization header skips the login.")
        .optional(),
      denyRedirect: denyRedirect.optional(),
    }),
    [
      {
        rule: exactlyOneOf("clientID", "clientIDRef"),
        message: "give one of clientID, clientIDRef",
      },
      {
        rule: "!(has(self.forwardAccessToken) && self.forwardAccessToken && has(self.forwardIDToken) && self.forwardIDToken.header.lowerAscii() == 'authorization')",
        message: "forwardIDToken.header must not be Authorization where forwardAccessToken is true",
      },
    ],
  ).describe("The server that issues the token, and the client that asks for it."),
);
