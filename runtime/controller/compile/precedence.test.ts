import type { GatewayPlan, RulePlan } from "./plan.ts";
import { alternativesFor, chooseAlternative, hostsOf, tableOf } from "./precedence.ts";

const rule = (id: string, fields: Partial<RulePlan>): RulePlan => ({
  id,
  route: "default/r",
  hostnames: [],
  matches: [],
  requestTimeoutMs: 0,
  backends: [],
  endpoints: {},
  models: [],
  listeners: [],
  revision: "",
  ...fields,
});

const exact = (name: string, value: string) => ({ name, value, type: "Exact" as const });
const gateway: GatewayPlan = {
  name: "default/gw",
  listeners: [],
  secrets: new Map(),
  extProc: "common",
  revision: "",
  rules: [
    rule("any", {}),
    rule("model", { matches: [[exact("x-ai-eg-model", "m")]] }),
    rule("tenant", { matches: [[exact("x-ai-eg-model", "m"), exact("x-tenant", "t")]] }),
    rule("regex", {
      matches: [[{ name: "x-ai-eg-model", value: "gpt-.*", type: "RegularExpression" }]],
    }),
    rule("wild", { hostnames: ["*.example.com"] }),
    rule("host", { hostnames: ["a.example.com"], matches: [[exact("x-ai-eg-model", "m")]] }),
  ],
};

const chosen = (host: string, headers: Record<string, string>): string | undefined =>
  chooseAlternative(
    alternativesFor(gateway, tableOf(gateway, host)),
    new Map(Object.entries(headers)),
  )?.rule.id;

test("every hostname has a table, the rest comes last", () =>
  expect(hostsOf(gateway)).toEqual(["*.example.com", "a.example.com", "*"]));

test.each([
  ["other.org", { "x-ai-eg-model": "m" }, "model"],
  ["other.org", { "x-ai-eg-model": "m", "x-tenant": "t" }, "tenant"],
  ["other.org", { "x-ai-eg-model": "gpt-5" }, "regex"],
  ["other.org", { "x-ai-eg-model": "my-gpt-5" }, "any"],
  ["a.example.com:8080", { "x-ai-eg-model": "m" }, "host"],
  ["a.example.com", { "x-ai-eg-model": "other" }, "wild"],
  ["b.example.com", { "x-ai-eg-model": "m" }, "wild"],
  ["example.com", { "x-ai-eg-model": "m" }, "model"],
])("%s with %p goes to %s", (host, headers, id) => expect(chosen(host, headers)).toBe(id));
