/** Load balancing of Envoy Gateway's cluster settings. */
import { z } from "zod";
import { anyJson, int32, int64, text } from "../schema/fields.ts";
import { list, mapOf } from "../schema/lists.ts";
import { named } from "../schema/names.ts";
import { presentExactlyFor, type Rule, withRules } from "../schema/rules.ts";
import { duration } from "../shared/gateway-api.ts";

const only = (type: string, field: string): Rule => ({
  rule: presentExactlyFor(type, field),
  message: `${field} must be set for type ${type}, and for no other`,
});

const nameOf = (what: string) => z.object({ name: z.string().describe(`Name of the ${what}.`) });

const consistentHash = withRules(
  z.object({
    type: z
      .enum(["SourceIP", "Header", "Headers", "Cookie", "QueryParams"])
      .describe("What is hashed."),
    header: nameOf("header").describe("Header to hash.").optional(),
    headers: list(nameOf("header")).describe("Headers to hash.").optional(),
    queryParams: list(nameOf("parameter")).describe("Query parameters to hash.").optional(),
    cookie: z
      .object({
        name: z.string().describe("Name of the cookie."),
        ttl: duration().describe("Lifetime of a cookie that the gateway makes.").optional(),
        attributes: z
          .record(z.string(), z.string())
          .describe("Attributes of a cookie that the gateway makes.")
          .optional(),
      })
      .describe("Cookie to hash.")
      .optional(),
    tableSize: int64({ min: 2, max: 5_000_011 })
      .default(65_537)
      .describe("Size of the hash table; a prime number."),
  }),
  [
    only("Header", "header"),
    only("Headers", "headers"),
    only("Cookie", "cookie"),
    only("QueryParams", "queryParams"),
  ],
).describe("Requests with the same hash go to the same host.");

const backendUtilization = z
  .object({
    blackoutPeriod: duration()
      .describe("Time after which a host's reports are first used.")
      .optional(),
    weightExpirationPeriod: duration()
      .describe("Time after which a report is no longer used.")
      .optional(),
    weightUpdatePeriod: duration().describe("Time between two changes of weights.").optional(),
    errorUtilizationPenaltyPercent: int32({ min: 0 })
      .describe("What errors take from a host's weight, in percent.")
      .optional(),
    metricNamesForComputingUtilization: list(z.string())
      .describe("Reported metrics that stand for utilization.")
      .optional(),
    keepResponseHeaders: z
      .boolean()
      .default(false)
      .describe("Whether the reports stay in the answer's headers."),
  })
  .describe("Weights by what hosts report of their load.");

const zoneAware = z
  .object({
    preferLocal: z
      .object({
        minEndpointsThreshold: int64().describe("Hosts below which zones do not count.").optional(),
        percentageEnabled: int32({ min: 0, max: 100 })
          .describe("Share of requests that this applies to, in percent.")
          .optional(),
        force: z
          .object({
            minEndpointsInZoneThreshold: int32()
              .describe("Hosts of the own zone below which others serve too.")
              .optional(),
          })
          .describe("Stay in the own zone, whatever the balance.")
          .optional(),
      })
      .describe("Hosts of the own zone go first.")
      .optional(),
    weightedZones: mapOf(
      z.object({
        zone: z.string().describe("Name of the zone."),
        weight: int32().describe("Share of the zone."),
      }),
      "zone",
    )
      .describe("Shares by zone.")
      .optional(),
  })
  .describe("How zones count.");

export const loadBalancer = named(
  "LoadBalancer",
  withRules(
    z.object({
      type: z
        .enum([
          "ConsistentHash",
          "LeastRequest",
          "Random",
          "RoundRobin",
          "BackendUtilization",
          "DynamicModule",
        ])
        .describe("How a host is chosen."),
      consistentHash: consistentHash.optional(),
      backendUtilization: backendUtilization.optional(),
      dynamicModule: z
        .object({
          name: text({ min: 1, max: 253, pattern: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/ }).describe(
            "Name of the registered module.",
          ),
          lbPolicyName: text({ min: 1, max: 253 }).describe("Policy of the module."),
          config: anyJson().describe("Configuration that the policy gets.").optional(),
        })
        .describe("A policy that a dynamic module brings.")
        .optional(),
      endpointOverride: z
        .object({
          extractFrom: list(
            z.object({ header: z.string().describe("Request header.").optional() }),
            {
              min: 1,
              max: 10,
            },
          ).describe("Where the request names its host."),
        })
        .describe("Hosts that requests ask for themselves.")
        .optional(),
      slowStart: z
        .object({ window: duration().describe("Time in which a new host gets to its full share.") })
        .describe("New hosts start gently.")
        .optional(),
      zoneAware: zoneAware.optional(),
    }),
    [
      only("ConsistentHash", "consistentHash"),
      only("BackendUtilization", "backendUtilization"),
      only("DynamicModule", "dynamicModule"),
      {
        rule: "!has(self.slowStart) || !(self.type in ['Random', 'ConsistentHash', 'DynamicModule'])",
        message: "slowStart needs type RoundRobin, LeastRequest or BackendUtilization",
      },
      {
        rule: "!(self.type in ['ConsistentHash', 'BackendUtilization']) || !has(self.zoneAware) || !has(self.zoneAware.preferLocal)",
        message:
          "zoneAware.preferLocal is not for type ConsistentHash or BackendUtilization; use weightedZones",
      },
      {
        rule: "self.type != 'DynamicModule' || (!has(self.zoneAware) && !has(self.endpointOverride))",
        message: "zoneAware and endpointOverride are not for type DynamicModule",
      },
      {
        rule: "!has(self.zoneAware) || !has(self.zoneAware.preferLocal) || !has(self.zoneAware.weightedZones)",
        message: "zoneAware has preferLocal or weightedZones, not both",
      },
    ],
  ).describe("Choice of the host."),
);
