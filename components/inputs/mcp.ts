import { z } from "zod";
import { kinds } from "../../runtime/api/index.ts";
import { text } from "../../runtime/api/schema/fields.ts";
import { list } from "../../runtime/api/schema/lists.ts";
import { named } from "../../runtime/api/schema/names.ts";
import { port } from "../../runtime/api/shared/gateway-api.ts";
import { apiKeyCredential } from "./credentials.ts";
import { byName, host, plain, withRules } from "./fields.ts";

const { securityPolicy, backendRefs } = kinds.MCPRoute.versions[0].schema.shape.spec.shape;
const server = backendRefs.element.shape;

const mcpServer = named(
  "McpServer",
  withRules(
    z.object({
      host: text({ min: 1, max: 253 }).describe("Host name or IP address of the server."),
      port: port().describe("Port; 443 with TLS and 80 without where left out.").optional(),
      path: text({ min: 1, max: 1024 }).default("/mcp").describe("Path of its MCP endpoint."),
      tls: plain(z.boolean()).default(true).describe("Whether it is reached by TLS."),
      tools: server.toolSelector.meta({ "x-type-name": "MCPRouteSpecBackendRefToolSelector" }),
      apiKey: apiKeyCredential.optional(),
      apiKeyHeader: text({ min: 1 })
        .describe("Header that carries the key; Authorization, after `Bearer `, where left out.")
        .optional(),
      forwardHeaders: list(text({ min: 1 }), { max: 32 })
        .describe("Headers of the client that go to this server, such as its own token.")
        .optional(),
    }),
    [
      {
        rule: "!has(self.apiKeyHeader) || has(self.apiKey)",
        message: "apiKeyHeader carries apiKey; give apiKey too",
      },
    ],
  ).describe("An MCP server."),
);

export const mcpShape = {
  path: text({ max: 1024 }).default("/mcp").describe("Path that clients call."),
  hostnames: list(host(), { max: 16 })
    .describe("Host names that the route answers to; those of the gateway where left out.")
    .optional(),
  servers: byName(mcpServer).describe("MCP servers by name, which clients see as one."),
  security: securityPolicy.meta({ "x-type-name": "MCPRouteSpecSecurityPolicy" }),
};

export const mcpRules = [
  { rule: "self.servers.size() > 0", message: "an MCP route has at least one server" },
];

export const mcpRouteSettings = named(
  "McpRouteSettings",
  withRules(z.object(mcpShape), mcpRules).describe("Several MCP servers behind one endpoint."),
);
