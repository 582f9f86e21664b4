/** Envoy Gateway's conditions on whom a rate limit is for. */
import { z } from "zod";
import { text } from "../schema/fields.ts";
import { list } from "../schema/lists.ts";
import { named } from "../schema/names.ts";
import { withRules } from "../schema/rules.ts";

const invert = z.boolean().default(false).describe("Whether the condition is turned round.");

const namedValue = (what: string) =>
  z
    .object({
      type: z
        .enum(["Exact", "RegularExpression", "Distinct"])
        .default("Exact")
        .describe("How the value is compared; with Distinct, each value has a limit of its own."),
      name: text({ min: 1, max: 256 }).describe(`Name of the ${what}.`),
      value: text({ max: 1024 }).describe("Value or expression; none for Distinct.").optional(),
      invert,
    })
    .describe(`A condition on a ${what}.`);

export const rateLimitSelectCondition = named(
  "RateLimitSelectCondition",
  withRules(
    z.object({
      headers: list(namedValue("header"), { max: 64 })
        .describe("Conditions on headers.")
        .optional(),
      queryParams: list(namedValue("query parameter"), { max: 16 })
        .describe("Conditions on query parameters.")
        .optional(),
      methods: list(
        z.object({
          value: z
            .enum(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])
            .describe("Method."),
          invert,
        }),
      )
        .describe("Methods, one of which must match.")
        .optional(),
      path: z
        .object({
          type: z
            .enum(["Exact", "PathPrefix", "RegularExpression"])
            .default("PathPrefix")
            .describe("How the path is compared."),
          value: text({ max: 1024 }).default("/").describe("Path, prefix or expression."),
          invert,
        })
        .describe("A condition on the path.")
        .optional(),
      sourceCIDR: z
        .object({
          type: z
            .enum(["Exact", "Distinct"])
            .default("Exact")
            .describe("With Distinct, each address has a limit of its own."),
          value: text({ min: 1, max: 256 }).describe("Range of addresses, as `10.0.0.0/8`."),
          invert,
        })
        .describe("A condition on the client's address.")
        .optional(),
    }),
    [
      {
        rule: "has(self.headers) || has(self.methods) || has(self.path) || has(self.sourceCIDR) || has(self.queryParams)",
        message: "give at least one of headers, methods, path, sourceCIDR, queryParams",
      },
    ],
  ).describe("Conditions on the client, all of which must hold."),
);
