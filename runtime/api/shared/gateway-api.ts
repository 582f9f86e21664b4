/** Pieces of the Gateway API that our resources embed, with that API's limits. */
import { z } from "zod";
import { int32, text } from "../schema/fields.ts";
import { named } from "../schema/names.ts";
import { withRules } from "../schema/rules.ts";

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const group = (): z.ZodString =>
  text({
    max: 253,
    pattern: /^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  }).describe("API group of the object; empty for the core group.");

export const kind = (): z.ZodString =>
  text({ min: 1, max: 63, pattern: /^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/ }).describe(
    "Kind of the object.",
  );

export const objectName = (): z.ZodString =>
  text({ min: 1, max: 253 }).describe("Name of the object.");

export const namespace = (): z.ZodString =>
  text({ min: 1, max: 63, pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ }).describe(
    "Namespace of the object; the namespace of this resource where left out. Another namespace must permit the reference with a ReferenceGrant.",
  );

export const sectionName = (): z.ZodString => text({ min: 1, max: 253, pattern: SUBDOMAIN });

export const port = (): z.ZodNumber => int32({ min: 1, max: 65535 });

/** A span of time such as `500ms`, `30s`, `1h30m`. */
export const duration = (): z.ZodString => text({ pattern: /^([0-9]{1,5}(h|m|s|ms)){1,4}$/ });

/** A host name, with `*.` for every subdomain. */
export const hostname = (): z.ZodString =>
  text({
    min: 1,
    max: 253,
    pattern: /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  });

/** A host name without a wildcard. */
export const preciseHostname = (): z.ZodString => text({ min: 1, max: 253, pattern: SUBDOMAIN });

export const parentReference = named(
  "ParentReference",
  z
    .object({
      group: group().default("gateway.networking.k8s.io"),
      kind: kind().default("Gateway"),
      namespace: namespace().optional(),
      name: objectName(),
      sectionName: sectionName()
        .describe("Listener of the Gateway to attach to; all of them where left out.")
        .optional(),
      port: port().describe("Port of the listeners to attach to; any where left out.").optional(),
    })
    .describe("A Gateway that serves this route."),
);

const headerName = (): z.ZodString =>
  text({ min: 1, max: 256, pattern: /^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$/ }).describe(
    "Name of the header; upper and lower case are the same.",
  );

const headerValue = (): z.ZodString => text({ min: 1, max: 4096 });

export const httpHeader = named(
  "HTTPHeader",
  z
    .object({
      name: headerName(),
      value: headerValue().describe("Value that the header gets."),
    })
    .describe("A header and its value."),
);

export const httpHeaderMatch = named(
  "HTTPHeaderMatch",
  z
    .object({
      type: z
        .enum(["Exact", "RegularExpression"])
        .default("Exact")
        .describe("How the value is compared: in full, or as an RE2 expression over all of it."),
      name: headerName(),
      value: headerValue().describe("Value or expression to compare with."),
    })
    .describe("A condition on one request header."),
);

export const httpRouteTimeouts = named(
  "HTTPRouteTimeouts",
  withRules(
    z.object({
      request: duration()
        .describe("Longest time for a whole request, streamed answer included. `0s` is no limit.")
        .optional(),
      backendRequest: duration()
        .describe("Longest time for one attempt at one backend. `0s` is no limit.")
        .optional(),
    }),
    [
      {
        rule: "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))",
        message: "backendRequest must not be longer than request",
      },
    ],
  ).describe("Time limits of a request."),
);

export const secretReference = named(
  "SecretReference",
  z
    .object({
      group: group().default(""),
      kind: kind().default("Secret"),
      name: objectName(),
      namespace: namespace().optional(),
    })
    .describe("A Secret."),
);

/** Fields of a reference to a Service, or to an object that stands for a backend. */
export const backendObjectShape = {
  group: group().default(""),
  kind: kind().default("Service"),
  name: objectName(),
  namespace: namespace().optional(),
  port: port().describe("Port of the Service; required for a Service.").optional(),
};

export const SERVICE_NEEDS_PORT = {
  rule: "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
  message: "port is required where a Service is referenced",
};

export const backendObjectReference = named(
  "BackendObjectReference",
  withRules(z.object(backendObjectShape), [SERVICE_NEEDS_PORT]).describe(
    "A Service, or an object that stands for a backend.",
  ),
);

/** A backend among several, as Envoy Gateway takes them. */
export const backendReference = named(
  "BackendReference",
  withRules(
    z.object({
      ...backendObjectShape,
      weight: int32({ min: 0, max: 1_000_000 })
        .default(1)
        .describe("Share of the traffic, relative to the sum of all weights."),
      fallback: z
        .boolean()
        .describe("Whether this backend serves only while the others are unhealthy.")
        .optional(),
    }),
    [SERVICE_NEEDS_PORT],
  ).describe("A backend and its share of the traffic."),
);

export const localPolicyTargetReference = named(
  "LocalPolicyTargetReference",
  z
    .object({ group: group(), kind: kind(), name: objectName() })
    .describe("An object of the same namespace to which this policy applies."),
);
