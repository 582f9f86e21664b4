import { backend, gateway, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import type { GatewayPlan } from "../compile/plan.ts";
import { withExtProcPlaces } from "./ext-proc-places.ts";

const OWN = gateway.replace("spec: {}", "spec: {extProc: {kubernetes: {}}}");
const planOf = (text: string) =>
  compile(snapshot(text, backend("a"), route("[{backendRefs: [{name: a}]}]")));
const placed = (text: string, ...available: string[]): GatewayPlan | undefined =>
  withExtProcPlaces(planOf(text), new Set(available)).gateways[0];

test.each([
  ["without settings", gateway, "common", undefined],
  ["with settings", OWN, "own", "own"],
  [
    "with one beside each Envoy",
    OWN.replace("annotations: {", "annotations: {aigateway.envoyproxy.io/ext-proc: sidecar, "),
    "sidecar",
    "sidecar",
  ],
])("a Gateway %s", (_, text, extProc, ofRule) => {
  const plan = placed(text, "default/ai-eg-ext-proc-gw");
  expect(plan?.extProc).toBe(extProc);
  expect(plan?.rules[0]?.extProc).toBe(ofRule);
});

test("its own is waited for, and then Envoy Gateway translates anew", () => {
  const before = placed(OWN);
  const after = placed(OWN, "default/ai-eg-ext-proc-gw");
  expect(before?.extProc).toBe("starting");
  expect(before?.rules[0]?.extProc).toBeUndefined();
  expect(after?.revision).not.toBe(before?.revision);
  expect(after?.rules[0]?.revision).not.toBe(before?.rules[0]?.revision);
});

test("a rule that did not change is the same object again", () => {
  const plan = planOf(OWN);
  const rule = () =>
    withExtProcPlaces(plan, new Set(["default/ai-eg-ext-proc-gw"])).gateways[0]?.rules[0];
  expect(rule()).toBe(rule());
});
