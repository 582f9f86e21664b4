import { z } from "zod";
import {
  apiKeyAuth,
  authorizationAction,
  claimToHeader,
  extAuth,
  jwtClaim,
  jwtScope,
  localJwks,
  remoteJwks,
} from "./envoy-gateway/access.ts";
import { text, uri } from "./schema/fields.ts";
import { list, mapOf } from "./schema/lists.ts";
import { atMostOneOf, exactlyOneOf, withRules } from "./schema/rules.ts";
import {
  backendObjectShape,
  hostname,
  httpHeaderMatch,
  parentReference,
  SERVICE_NEEDS_PORT,
  secretReference,
} from "./shared/gateway-api.ts";
import { resourceOf } from "./shared/resource.ts";
import { conditionsStatus } from "./shared/status.ts";

const path = () => text({ max: 1024 }).default("/mcp");

const names = (about: string) => list(z.string(), { max: 32 }).describe(about).optional();

const toolSelector = withRules(
  z.object({
    include: names("Names of tools to show."),
    includeRegex: names("RE2 expressions over names of tools to show."),
    exclude: names("Names of tools to hide; goes before include."),
    excludeRegex: names("RE2 expressions over names of tools to hide; goes before include."),
  }),
  [
    {
      rule: atMostOneOf("include", "includeRegex"),
      message: "give include or includeRegex, not both",
    },
    {
      rule: atMostOneOf("exclude", "excludeRegex"),
      message: "give exclude or excludeRegex, not both",
    },
    {
      rule: "has(self.include) || has(self.includeRegex) || has(self.exclude) || has(self.excludeRegex)",
      message: "give at least one of include, includeRegex, exclude, excludeRegex",
    },
  ],
).describe("Tools of this server that clients see; all where left out.");

const backendApiKey = withRules(
  z.object({
    secretRef: secretReference.describe("Secret that holds the key under `apiKey`.").optional(),
    inline: z
      .string()
      .describe("The key itself; anyone who may read the route sees it.")
      .optional(),
    header: text({ min: 1 })
      .describe("Header that carries it; Authorization, after `Bearer `, where left out.")
      .optional(),
    queryParam: text({ min: 1 })
      .describe("Query parameter that carries it. URLs end up in logs: prefer a header.")
      .optional(),
  }),
  [
    { rule: exactlyOneOf("secretRef", "inline"), message: "give one of secretRef, inline" },
    {
      rule: atMostOneOf("header", "queryParam"),
      message: "give header or queryParam, not both",
    },
  ],
).describe("An API key for this server.");

const backendRef = withRules(
  z.object({
    ...backendObjectShape,
    path: path().describe("Path of the server's MCP endpoint."),
    toolSelector: toolSelector.optional(),
    securityPolicy: z
      .object({ apiKey: backendApiKey.optional() })
      .describe("The credential for this server.")
      .optional(),
    forwardHeaders: list(
      z.object({
        name: text({ min: 1 }).describe("Header of the client's request."),
        backendHeader: text({ min: 1 })
          .describe("Its name towards the server; the same where left out.")
          .optional(),
      }),
      { max: 32 },
    )
      .describe("Headers of the client that go to this server, such as its own token.")
      .optional(),
  }),
  [SERVICE_NEEDS_PORT],
).describe("An MCP server.");

const action = (initial: "Allow" | "Deny", about: string) =>
  authorizationAction().default(initial).describe(about);

const cel = (variables: string) =>
  text({ max: 4096 })
    .describe(`CEL condition; an error or anything but true is no match. Variables: ${variables}.`)
    .optional();

const REQUEST_VARIABLES =
  "request.method, request.path, request.headers and request.headers_all (names in lower case), request.auth.jwt.claims, request.auth.jwt.scopes, request.mcp.backend";

const jwtSource = withRules(
  z.object({
    scopes: list(jwtScope(), { max: 16 }).describe("Scopes, all of which it must have.").optional(),
    claims: withRules(list(jwtClaim, { max: 16 }), [
      {
        rule: "!self.exists(claim, claim.name == 'scope')",
        message: "the claim scope is read through scopes",
      },
    ])
      .describe("Claims, all of which must match.")
      .optional(),
  }),
  [
    {
      rule: "(has(self.scopes) && size(self.scopes) > 0) || (has(self.claims) && size(self.claims) > 0)",
      message: "give scopes or claims",
    },
  ],
).describe("What the client's token must hold.");

const authorizationRule = z
  .object({
    source: z
      .object({ jwt: jwtSource })
      .describe("Clients that the rule is about; all where left out.")
      .optional(),
    target: z
      .object({
        tools: list(
          z.object({
            backend: z.string().describe("Name of the backendRef."),
            tool: z.string().describe("Name of its tool."),
          }),
          { min: 1, max: 16 },
        ).describe("Tools."),
      })
      .describe("Calls that the rule is about; all where left out.")
      .optional(),
    cel: cel(`${REQUEST_VARIABLES}, request.mcp.method, request.mcp.tool, request.mcp.params`),
    action: action("Allow", "What becomes of a request that matches."),
  })
  .describe("A rule; all its conditions must hold.");

const oauth = z
  .object({
    issuer: uri().describe("URL of the authorization server."),
    audiences: list(z.string(), { max: 32 })
      .describe("Audiences, one of which the token must be for. Leaving it out accepts any.")
      .optional(),
    jwks: withRules(
      z.object({ remoteJWKS: remoteJwks.optional(), localJWKS: localJwks.optional() }),
      [
        {
          rule: "has(self.remoteJWKS) || has(self.localJWKS)",
          message: "give remoteJWKS or localJWKS",
        },
        {
          rule: atMostOneOf("remoteJWKS", "localJWKS"),
          message: "give remoteJWKS or localJWKS, not both",
        },
      ],
    )
      .describe("Keys that tokens are signed with; as the issuer publishes them where left out.")
      .optional(),
    protectedResourceMetadata: z
      .object({
        resource: uri().describe("URL of this route, as clients know it."),
        resourceName: text({ max: 256 }).describe("Its name, for people.").optional(),
        scopesSupported: list(z.string(), { max: 32 })
          .describe("Least scopes that a client should ask for.")
          .optional(),
        resourceSigningAlgValuesSupported: list(z.string(), { min: 1, max: 16 })
          .describe("Signature algorithms, as `RS256`.")
          .optional(),
        resourceDocumentation: uri().describe("URL of its documentation.").optional(),
        resourcePolicyUri: uri().describe("URL of its policy.").optional(),
      })
      .describe("What clients are told of this resource (RFC 9728)."),
    claimToHeaders: list(claimToHeader, { max: 16 })
      .describe("Claims that backends see.")
      .optional(),
  })
  .describe("Clients show a token of an authorization server, as MCP has it.");

const securityPolicy = withRules(
  z.object({
    oauth: oauth.optional(),
    apiKeyAuth: apiKeyAuth.optional(),
    extAuth: extAuth.optional(),
    authorization: z
      .object({
        rules: list(authorizationRule, { max: 32 })
          .describe("Rules in order; the first that matches decides.")
          .optional(),
        defaultAction: action("Deny", "What becomes of a request that no rule matches."),
      })
      .describe("Who may call what.")
      .optional(),
  }),
  [
    {
      // Without oauth, an authorization that has no rules fails as well: the rule then has no value.
      rule: "!(has(self.authorization) && self.authorization.rules.exists(r, has(r.source) && has(r.source.jwt)) && !has(self.oauth))",
      message: "authorization by JWT needs oauth",
    },
  ],
).describe("Who may use this route.");

const spec = z
  .object({
    parentRefs: withRules(list(parentReference, { min: 1, max: 16 }), [
      {
        rule: "self.all(parent, parent.kind == 'Gateway')",
        message: "only a Gateway can be a parent",
      },
    ]).describe("Gateways that serve this route, of the same namespace."),
    path: path().describe("Path of the MCP endpoint that clients call."),
    headers: mapOf(httpHeaderMatch, "name", { max: 16 })
      .describe("Conditions on headers, all of which must hold.")
      .optional(),
    hostnames: list(hostname(), { max: 16 })
      .describe("Host names that this route answers to; those of the listeners where left out.")
      .optional(),
    backendRefs: withRules(list(backendRef, { min: 1, max: 256 }), [
      {
        rule: "self.all(a, self.exists_one(b, a.name == b.name))",
        message: "names of backendRefs must be unique",
      },
    ]).describe("MCP servers, which clients see as one."),
    securityPolicy: securityPolicy.optional(),
    backendSelector: z
      .object({
        rules: list(
          z
            .object({
              cel: cel(REQUEST_VARIABLES),
              action: action("Allow", "What becomes of a backend that matches."),
            })
            .describe("A rule on one backend."),
          { max: 32 },
        )
          .describe("Rules in order; the first that matches decides.")
          .optional(),
        defaultAction: action("Deny", "What becomes of a backend that no rule matches."),
      })
      .describe(
        "Which backends a session gets, decided for each when it begins; all where left out.",
      )
      .optional(),
  })
  .describe("The servers and who may use them.");

export const mcpRoute = resourceOf("MCPRoute", spec, conditionsStatus).describe(
  "Serves several MCP servers as one, with authorization down to the tool.",
);

/** A valid MCP route, with its defaults. */
export type MCPRoute = z.output<typeof mcpRoute>;
/** An MCP route as a user writes it. */
export type MCPRouteInput = z.input<typeof mcpRoute>;
