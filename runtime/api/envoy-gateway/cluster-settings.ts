/** Envoy Gateway's ClusterSettings: how a backend that the gateway itself calls is reached. */
import { z } from "zod";
import { int32, int64, plainInteger, quantity } from "../schema/fields.ts";
import { list } from "../schema/lists.ts";
import { named } from "../schema/names.ts";
import { withRules } from "../schema/rules.ts";
import { duration } from "../shared/gateway-api.ts";
import { healthCheck } from "./health-check.ts";
import { loadBalancer } from "./load-balancer.ts";

const MOST_UINT32 = 4_294_967_295;
const bytes = () => quantity(/^[1-9]+[0-9]*([EPTGMK]i|[EPTGMk])?$/);
const span = (about: string) => duration().describe(about).optional();

const limit = (about: string) => int64({ min: 0, max: MOST_UINT32 }).default(1024).describe(about);

const circuitBreaker = z
  .object({
    maxConnections: limit("Most connections."),
    maxPendingRequests: limit("Most requests that wait for a connection."),
    maxParallelRequests: limit("Most requests at once."),
    maxParallelRetries: limit("Most retries at once."),
    maxRequestsPerConnection: int64({ min: 0, max: MOST_UINT32 })
      .describe("Most requests over one connection; no limit where left out.")
      .optional(),
    perEndpoint: z
      .object({ maxConnections: limit("Most connections with one host.") })
      .describe("Limits of each host.")
      .optional(),
    retryBudget: z
      .object({
        percent: withRules(
          z.object({
            numerator: int32({ min: 0 }).describe("Upper part of the fraction."),
            denominator: int32({ min: 1 }).default(100).describe("Lower part of the fraction."),
          }),
          [
            {
              rule: "self.numerator <= self.denominator",
              message: "numerator must not be greater than denominator",
            },
          ],
        ).describe("Most retries, as a fraction of the requests at once."),
        minRetryConcurrency: int32().describe("Retries that are always permitted.").optional(),
      })
      .describe("Limit of retries that follows the load.")
      .optional(),
  })
  .describe("Limits above which requests fail at once.");

const connection = z
  .object({
    bufferLimit: bytes().describe("Most bytes held for a connection.").optional(),
    socketBufferLimit: bytes().describe("Most bytes held by its socket.").optional(),
    preconnect: z
      .object({
        perEndpointPercent: int32({ min: 100, max: 300 })
          .describe("Connections to hold for each host, in percent of those needed.")
          .optional(),
        predictivePercent: int32({ min: 100 })
          .describe("Connections to hold over all hosts, in percent of those needed.")
          .optional(),
      })
      .describe("Connections opened before they are needed.")
      .optional(),
  })
  .describe("Settings of connections.");

const http2 = z
  .object({
    initialStreamWindowSize: bytes().describe("First window of a stream, in bytes.").optional(),
    initialConnectionWindowSize: bytes()
      .describe("First window of a connection, in bytes.")
      .optional(),
    maxConcurrentStreams: int32({ min: 1, max: 2_147_483_647 })
      .describe("Most streams at once over one connection.")
      .optional(),
    onInvalidMessage: z
      .string()
      .describe("What a malformed message ends: `TerminateStream` or `TerminateConnection`.")
      .optional(),
    connectionKeepalive: withRules(
      z.object({
        interval: span("Time between two pings."),
        idleInterval: span("Idle time after which a ping goes before the next request."),
        intervalJitter: int32({ min: 0, max: 100 })
          .describe("Random part of the interval, in percent.")
          .optional(),
        timeout: span("Longest wait for a ping's answer."),
      }),
      [
        {
          rule: "!has(self.timeout) || !has(self.interval) || duration(self.timeout) < duration(self.interval)",
          message: "timeout must be shorter than interval",
        },
      ],
    )
      .describe("Pings that keep a connection.")
      .optional(),
  })
  .describe("HTTP/2 settings.");

const retry = z
  .object({
    numRetries: int32({ min: 0 }).default(2).describe("Most retries of a request."),
    numAttemptsPerPriority: int32()
      .describe("Attempts at one priority before the next is tried.")
      .optional(),
    retryOn: z
      .object({
        triggers: list(
          z.enum([
            "5xx",
            "gateway-error",
            "reset",
            "reset-before-request",
            "connect-failure",
            "retriable-4xx",
            "refused-stream",
            "retriable-status-codes",
            "cancelled",
            "deadline-exceeded",
            "internal",
            "resource-exhausted",
            "unavailable",
          ]),
        )
          .describe("Sorts of failure.")
          .optional(),
        httpStatusCodes: list(plainInteger({ min: 100, max: 599 }))
          .describe("Statuses that count as retriable-status-codes.")
          .optional(),
      })
      .describe("Failures that are retried.")
      .optional(),
    perRetry: z
      .object({
        timeout: span("Longest time of one attempt."),
        backOff: z
          .object({
            baseInterval: span("Wait before the first retry."),
            maxInterval: span("Longest wait before a retry."),
          })
          .describe("Waits between attempts.")
          .optional(),
      })
      .describe("Settings of each attempt.")
      .optional(),
  })
  .describe("Retries.");

const timeout = z
  .object({
    tcp: z
      .object({ connectTimeout: span("Longest time to connect.") })
      .describe("Time limits of connecting.")
      .optional(),
    http: z
      .object({
        connectionIdleTimeout: span("Idle time after which a connection is closed."),
        maxConnectionDuration: span("Longest life of a connection."),
        maxStreamDuration: span("Longest life of a stream."),
        requestTimeout: span("Longest time for the whole answer."),
        streamIdleTimeout: span("Longest silence on a stream."),
      })
      .describe("Time limits of requests.")
      .optional(),
  })
  .describe("Time limits.");

export const clusterSettings = named(
  "ClusterSettings",
  withRules(
    z.object({
      circuitBreaker: circuitBreaker.optional(),
      connection: connection.optional(),
      dns: z
        .object({
          dnsRefreshRate: span("Time between two look-ups."),
          lookupFamily: z
            .enum(["IPv4", "IPv6", "IPv4Preferred", "IPv6Preferred", "IPv4AndIPv6"])
            .describe("Which addresses are looked up.")
            .optional(),
          respectDnsTtl: z
            .boolean()
            .describe("Whether the record's own lifetime sets the refresh rate.")
            .optional(),
        })
        .describe("Name resolution.")
        .optional(),
      healthCheck: healthCheck.optional(),
      http2: http2.optional(),
      loadBalancer: loadBalancer.optional(),
      proxyProtocol: z
        .object({ version: z.enum(["V1", "V2"]).describe("Version to send.") })
        .describe("PROXY protocol towards the backend.")
        .optional(),
      retry: retry.optional(),
      tcpKeepalive: z
        .object({
          probes: int32().describe("Probes without an answer that end a connection.").optional(),
          idleTime: span("Idle time before the first probe."),
          interval: span("Time between two probes."),
        })
        .describe("TCP keepalive.")
        .optional(),
      timeout: timeout.optional(),
    }),
    [
      {
        rule: "!(has(self.connection) && has(self.connection.preconnect) && has(self.connection.preconnect.predictivePercent)) || (has(self.loadBalancer) && has(self.loadBalancer.type) && self.loadBalancer.type in ['Random', 'RoundRobin'])",
        message:
          "connection.preconnect.predictivePercent needs loadBalancer.type Random or RoundRobin",
      },
    ],
  ).describe("How the backend is reached."),
);
