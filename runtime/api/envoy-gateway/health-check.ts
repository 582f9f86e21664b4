/** Health checks of Envoy Gateway's cluster settings. */
import { z } from "zod";
import { base64, int32, plainInteger, text } from "../schema/fields.ts";
import { list } from "../schema/lists.ts";
import { named } from "../schema/names.ts";
import { presentExactlyFor, withRules } from "../schema/rules.ts";
import { duration, port, preciseHostname } from "../shared/gateway-api.ts";

const only = (type: string, field: string) => ({
  rule: presentExactlyFor(type, field),
  message: `${field} must be set for type ${type}, and for no other`,
});

const payload = (about: string) =>
  withRules(
    z.object({
      type: z.enum(["Text", "Binary"]).describe("Which of the fields holds the payload."),
      text: z.string().describe("Payload as text.").optional(),
      binary: base64().describe("Payload as base64.").optional(),
    }),
    [only("Text", "text"), only("Binary", "binary")],
  )
    .describe(about)
    .optional();

const statusCodes = (about: string) =>
  list(plainInteger({ min: 100, max: 599 }))
    .describe(about)
    .optional();

const active = withRules(
  z.object({
    type: z.enum(["HTTP", "TCP", "GRPC"]).describe("How a host is asked."),
    timeout: duration().default("1s").describe("Longest wait for an answer."),
    interval: duration().default("3s").describe("Time between two checks."),
    initialJitter: duration().describe("Most random delay of the first check.").optional(),
    unhealthyThreshold: int32({ min: 1 })
      .default(3)
      .describe("Failures in a row that make a host unhealthy."),
    healthyThreshold: int32({ min: 1 })
      .default(1)
      .describe("Successes in a row that make a host healthy."),
    http: z
      .object({
        path: text({ min: 1, max: 1024 }).describe("Path to ask for."),
        hostname: preciseHostname().describe("Host header of the check.").optional(),
        method: z.string().describe("Method; GET where left out.").optional(),
        expectedStatuses: statusCodes("Statuses of a healthy host; 200 where left out."),
        retriableStatuses: statusCodes("Statuses that count towards unhealthyThreshold."),
        expectedResponse: payload("Text that the answer must hold."),
      })
      .describe("An HTTP check.")
      .optional(),
    tcp: z
      .object({
        send: payload("What is sent; a mere connection where left out."),
        receive: payload("What must come back."),
      })
      .describe("A TCP check.")
      .optional(),
    grpc: z
      .object({ service: z.string().describe("Service to ask about.").optional() })
      .describe("A gRPC health check.")
      .optional(),
    overrides: z
      .object({ port: port().describe("Port to check instead of the serving one.").optional() })
      .describe("Where to check, if not at the serving address.")
      .optional(),
  }),
  [
    only("HTTP", "http"),
    only("TCP", "tcp"),
    {
      rule: "has(self.grpc) ? self.type == 'GRPC' : true",
      message: "grpc may be set for type GRPC alone",
    },
  ],
).describe("Checks by asking.");

const passive = z
  .object({
    splitExternalLocalOriginErrors: z
      .boolean()
      .default(false)
      .describe("Whether errors of the connection count apart from errors of the host."),
    interval: duration().default("3s").describe("Time between two reviews."),
    consecutiveLocalOriginFailures: int32()
      .default(5)
      .describe("Connection failures in a row that eject a host."),
    consecutiveGatewayErrors: int32()
      .describe("502, 503 or 504 in a row that eject a host.")
      .optional(),
    consecutive5XxErrors: int32().default(5).describe("5xx in a row that eject a host."),
    baseEjectionTime: duration()
      .default("30s")
      .describe("How long a host is ejected, times the number of its ejections."),
    maxEjectionPercent: int32({ min: 0, max: 100 })
      .default(10)
      .describe("Most hosts that may be ejected at once, in percent."),
    failurePercentageThreshold: int32({ min: 0, max: 100 })
      .describe("Failures in percent that eject a host.")
      .optional(),
    alwaysEjectOneEndpoint: z
      .boolean()
      .default(false)
      .describe("Whether one host may be ejected whatever maxEjectionPercent says."),
  })
  .describe("Checks by watching the traffic.");

export const healthCheck = named(
  "HealthCheck",
  z
    .object({
      active: active.optional(),
      passive: passive.optional(),
      panicThreshold: int32({ min: 0, max: 100 })
        .describe("Healthy hosts in percent, below which all hosts serve.")
        .optional(),
    })
    .describe("How unhealthy hosts are found."),
);
