import { z } from "zod";
import { text } from "../schema/fields.ts";
import { mapOf, setOf } from "../schema/lists.ts";
import { named } from "../schema/names.ts";
import { httpHeader } from "./gateway-api.ts";

/** Most entries of one list of a mutation. */
const MOST_ENTRIES = 16;

export const httpHeaderMutation = named(
  "HTTPHeaderMutation",
  z
    .object({
      set: mapOf(httpHeader, "name", { max: MOST_ENTRIES })
        .describe("Headers to set; a header that the request already has is overwritten.")
        .optional(),
      remove: setOf(z.string(), { max: MOST_ENTRIES })
        .describe("Names of headers to take away; upper and lower case are the same.")
        .optional(),
    })
    .describe("Changes to the request's headers before they reach the backend."),
);

const bodyField = z
  .object({
    path: text({ min: 1 }).describe("Name of a top-level field of the JSON body."),
    value: z
      .string()
      .describe(
        "The value, written as JSON: text in its own double quotes, a number, `true`, `null`, a list, an object.",
      ),
  })
  .describe("A top-level field of the body and its value.");

export const httpBodyMutation = named(
  "HTTPBodyMutation",
  z
    .object({
      set: mapOf(bodyField, "path", { max: MOST_ENTRIES })
        .describe("Fields to set; a field that the body already has is overwritten.")
        .optional(),
      remove: setOf(z.string(), { max: MOST_ENTRIES })
        .describe("Names of top-level fields to take away.")
        .optional(),
    })
    .describe("Changes to the request's JSON body before it reaches the backend."),
);
