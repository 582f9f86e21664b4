import type { Input } from "@pulumi/pulumi";
import type { McpRouteSettings, McpServer } from "../../args/settings.generated.ts";
import { compact } from "../inputs.ts";
import { addressObjects } from "./backend.ts";
import {
  AI_VERSION,
  ENVOY_GROUP,
  GATEWAY_GROUP,
  type ObjectTemplate,
  objectIn,
  type Place,
} from "./object.ts";

/** An MCP route, its servers and their keys. */
export function mcpObjects(
  place: Place,
  gateway: Input<string>,
  settings: McpRouteSettings,
): ObjectTemplate[] {
  const { path, hostnames, servers, security } = settings;
  const all = Object.entries(servers).map(([name, server]) =>
    serverObjects({ ...place, name: `${place.name}-${name}` }, server),
  );
  return [
    ...all.flatMap(({ objects }) => objects),
    objectIn(place, AI_VERSION, "MCPRoute", {
      spec: compact({
        parentRefs: [{ group: GATEWAY_GROUP, kind: "Gateway", name: gateway }],
        path,
        hostnames,
        backendRefs: all.map(({ ref }) => ref),
        securityPolicy: security,
      }),
    }),
  ];
}

function serverObjects(
  place: Place,
  server: McpServer,
): { ref: object; objects: ObjectTemplate[] } {
  const { host, port, path, tls, tools, apiKey, apiKeyHeader, forwardHeaders } = server;
  const secret =
    apiKey?.value === undefined
      ? undefined
      : objectIn(place, "v1", "Secret", { stringData: { apiKey: apiKey.value } });
  const secretName = secret?.metadata.name ?? apiKey?.secretName;
  const ref = compact({
    group: ENVOY_GROUP,
    kind: "Backend",
    name: place.name,
    path,
    toolSelector: tools,
    securityPolicy:
      secretName === undefined
        ? undefined
        : { apiKey: compact({ secretRef: { name: secretName }, header: apiKeyHeader }) },
    forwardHeaders: forwardHeaders?.map((name) => ({ name })),
  });
  const objects = addressObjects(place, { host, port, tls: { enabled: tls !== false } });
  return { ref, objects: secret === undefined ? objects : [secret, ...objects] };
}
