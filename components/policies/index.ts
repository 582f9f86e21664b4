/** Policies for stacks with gateways: `new PolicyPack("gateways", { policies })`. */
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { type Rule, rules } from "./rules.ts";

const policy = (name: string, { description, check }: Rule): StackValidationPolicy => ({
  name,
  description,
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const objects = resources.filter(isObject).map(({ props, urn }) => ({ ...props, urn }));
    for (const { object, message } of check(objects as never)) {
      report(message, (object as { urn?: string }).urn);
    }
  },
});

const isObject = ({ type }: PolicyResource): boolean =>
  type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm");

/** All rules as policies, each of which may be configured away by its name. */
export const policies: StackValidationPolicy[] = Object.entries(rules).map(([name, rule]) =>
  policy(name, rule),
);
