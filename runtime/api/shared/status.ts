import { z } from "zod";
import { dateTime, int64, text } from "../schema/fields.ts";
import { list, mapOf } from "../schema/lists.ts";
import { named } from "../schema/names.ts";

const condition = named(
  "Condition",
  z
    .object({
      type: text({
        max: 316,
        pattern:
          /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$/,
      }).describe("What the condition is about: `Accepted` or `NotAccepted`."),
      status: z.enum(["True", "False", "Unknown"]).describe("Whether the condition holds."),
      observedGeneration: int64({ min: 0 })
        .describe("The `metadata.generation` that was judged.")
        .optional(),
      lastTransitionTime: dateTime().describe("When the status last changed."),
      reason: text({
        min: 1,
        max: 1024,
        pattern: /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/,
      }).describe("One word, for programs, on why."),
      message: text({ max: 32768 }).describe(
        "For people: the field that is at fault and the mend.",
      ),
    })
    .describe("One judgement of the controller on this resource."),
);

const CONDITIONS = "What the controller made of this resource.";

/** Status of most kinds: a list of conditions. */
export const conditionsStatus = z
  .object({ conditions: list(condition).describe(CONDITIONS).optional() })
  .describe("Written by the controller.");

/** Status with at most eight conditions, one of each type. */
export const keyedConditionsStatus = z
  .object({ conditions: mapOf(condition, "type", { max: 8 }).describe(CONDITIONS).optional() })
  .describe("Written by the controller.");
