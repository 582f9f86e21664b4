import { objects, objectsOf, rulesOf } from "../../../test/support/written-objects.ts";
import { backend, gateway, route, snapshot } from "../../../test/support/yaml-resources.ts";
import type { KubeObject } from "./kube-object.ts";

const TWO = "[{backendRefs: [{name: a}, {name: b, priority: 1}]}]";
const policies = (all: readonly KubeObject[]): KubeObject[] =>
  all.filter(({ kind }) => kind === "BackendTrafficPolicy");

describe("retries for priorities", () => {
  const base = [gateway, backend("a"), backend("b")];
  const userPolicy = (target: string, spec: string): string => `
kind: BackendTrafficPolicy
metadata: {name: mine, namespace: default}
spec: {targetRefs: [{group: gateway.networking.k8s.io, ${target}}], ${spec}}
`;
  const RETRY = "retry: {numRetries: 5}";

  test("are generated for the rules that have several, and for no other", () => {
    const all = objects(
      ...base,
      route(
        "[{backendRefs: [{name: a}]}, {backendRefs: [{name: a}, {name: b, priority: 1}]}, {name: mine, backendRefs: [{name: b}, {name: a, priority: 1}]}]",
      ),
    );
    expect(policies(all)).toHaveLength(1);
    expect(policies(all)[0]).toMatchObject({
      metadata: { name: "ai-eg-failover-r-1" },
      spec: {
        mergeType: "StrategicMerge",
        targetRefs: [
          { kind: "HTTPRoute", name: "r", sectionName: "rule-1" },
          { kind: "HTTPRoute", name: "r", sectionName: "mine" },
        ],
        retry: {
          numRetries: 1,
          numAttemptsPerPriority: 1,
          retryOn: { triggers: expect.arrayContaining(["5xx"]), httpStatusCodes: [429] },
        },
      },
    });
    expect(rulesOf(all).map(({ name }) => name)).toEqual([
      undefined,
      "rule-1",
      "mine",
      "route-not-found",
    ]);
  });

  test.each([
    ["a policy on the route", userPolicy("kind: HTTPRoute, name: r", "timeout: {}")],
    ["a policy with retries on the Gateway", userPolicy("kind: Gateway, name: gw", RETRY)],
  ])("are not generated beside %s", (_, policy) =>
    expect(policies(objects(...base, route(TWO), policy))).toEqual([]),
  );

  test.each([
    ["another route", userPolicy("kind: HTTPRoute, name: other", RETRY)],
    ["the Gateway, without retries", userPolicy("kind: Gateway, name: gw", "timeout: {}")],
  ])("are generated beside a policy on %s", (_, policy) =>
    expect(policies(objects(...base, route(TWO), policy))).toHaveLength(1),
  );

  test("are not generated where the route says so", () => {
    const text = route(TWO).replace(
      "{name: r, namespace: default}",
      "{name: r, namespace: default, annotations: {aigateway.envoyproxy.io/failover-policy: none}}",
    );
    expect(policies(objects(...base, text))).toEqual([]);
  });

  test("once written they do not count as a user's wish", () => {
    const input = snapshot(...base, route(TWO));
    const first = objectsOf(input);
    const written = new Map(policies(first).map((p) => [`default/${p.metadata.name}`, p as never]));
    expect(objectsOf({ ...input, BackendTrafficPolicy: written })).toEqual(first);
  });
});
