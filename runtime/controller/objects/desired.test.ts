import { named, objects, rulesOf } from "../../../test/support/written-objects.ts";
import { backend, gateway, key, route } from "../../../test/support/yaml-resources.ts";
import type { KubeObject } from "./kube-object.ts";

const MODEL = "matches: [{headers: [{name: x-ai-eg-model, value: m}]}]";

describe("the HTTPRoute of a route", () => {
  test("has its name, parents and hostnames, and rule for rule its backends", () => {
    const all = objects(
      gateway,
      backend("a"),
      backend("b"),
      route(
        `[{name: first, ${MODEL}, backendRefs: [{name: a, weight: 3}, {name: b}], timeouts: {request: 90s}}, {backendRefs: [{name: b}]}]`,
        "hostnames: [ai.example.com]",
      ),
    );
    const [first, second, last] = rulesOf(all);
    expect(named(all, "HTTPRoute", "r")).toMatchObject({
      apiVersion: "gateway.networking.k8s.io/v1",
      metadata: {
        namespace: "default",
        annotations: {
          "gateway.envoyproxy.io/ai-gateway-generated": "true",
          "gateway.envoyproxy.io/backend-ref-priority": "0:a:0,0:b:0,1:b:0",
        },
      },
      spec: { parentRefs: [{ name: "gw", kind: "Gateway" }], hostnames: ["ai.example.com"] },
    });
    expect(first).toEqual({
      name: "first",
      matches: [
        {
          path: { type: "PathPrefix", value: "/" },
          headers: [{ name: "x-ai-eg-model", value: "m", type: "Exact" }],
        },
      ],
      filters: [
        {
          type: "ExtensionRef",
          extensionRef: {
            group: "gateway.envoyproxy.io",
            kind: "HTTPRouteFilter",
            name: "ai-eg-host-rewrite-r",
          },
        },
      ],
      backendRefs: [
        { group: "gateway.envoyproxy.io", kind: "Backend", name: "a", weight: 3 },
        { group: "gateway.envoyproxy.io", kind: "Backend", name: "b", weight: 1 },
      ],
      timeouts: { request: "90s" },
    });
    expect(second?.timeouts).toEqual({ request: "1m" });
    expect(last?.name).toBe("route-not-found");
    expect(last?.filters[0]?.extensionRef.name).toBe("ai-eg-route-not-found-response-r");
    expect(last?.backendRefs).toBeUndefined();
  });

  test("every filter that a rule names is written", () => {
    const all = objects(gateway, route("[{backendRefs: [{name: ghost}]}]"));
    const names = rulesOf(all).flatMap((rule) => rule.filters.map((f) => f.extensionRef.name));
    for (const name of names) named(all, "HTTPRouteFilter", name);
    expect(names).toHaveLength(2);
  });

  test("carries the route's labels and annotations, and goes with the route", () => {
    const text = route("[{backendRefs: [{name: a}]}]").replace(
      "{name: r, namespace: default}",
      `{name: r, namespace: default, uid: u-1, labels: {team: x, app.kubernetes.io/managed-by: Helm}, annotations: {note: y, kubectl.kubernetes.io/last-applied-configuration: "{}"}}`,
    );
    const { metadata } = named(objects(gateway, backend("a"), text), "HTTPRoute", "r");
    expect(metadata.labels).toEqual({
      team: "x",
      "app.kubernetes.io/managed-by": "envoy-ai-gateway",
    });
    expect(metadata.annotations).toMatchObject({ note: "y" });
    expect(metadata.annotations).not.toHaveProperty([
      "kubectl.kubernetes.io/last-applied-configuration",
    ]);
    expect(metadata.ownerReferences).toEqual([
      {
        apiVersion: "aigateway.envoyproxy.io/v1beta1",
        kind: "AIGatewayRoute",
        name: "r",
        uid: "u-1",
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
  });

  test("a backend that cannot be served keeps its place without weight", () => {
    const all = objects(
      gateway,
      backend("a"),
      key("a", false),
      backend("b"),
      route("[{backendRefs: [{name: a}, {name: ghost}, {name: b, weight: 2}]}]"),
    );
    expect(rulesOf(all)[0]?.backendRefs).toMatchObject([
      { name: "a", weight: 0 },
      { name: "ghost", weight: 0 },
      { name: "b", weight: 2 },
    ]);
  });

  test("a rule of which nothing can be served keeps its place and answers 503", () => {
    const all = objects(
      gateway,
      backend("a"),
      route("[{backendRefs: [{name: ghost}]}, {backendRefs: [{name: a}]}]"),
    );
    const [first, second] = rulesOf(all);
    expect(first?.backendRefs).toBeUndefined();
    const filter = first?.filters[0]?.extensionRef.name ?? "";
    expect(named(all, "HTTPRouteFilter", filter).spec).toMatchObject({
      directResponse: { statusCode: 503 },
    });
    expect(second?.backendRefs).toMatchObject([{ name: "a", weight: 1 }]);
  });

  test("a rule whose every match is broken takes nothing", () => {
    const matches =
      'matches: [{headers: [{name: x-ai-eg-model, value: "(", type: RegularExpression}]}]';
    const all = objects(gateway, backend("a"), route(`[{${matches}, backendRefs: [{name: a}]}]`));
    // Clients cannot send headers of the gateway's own.
    expect(rulesOf(all)[0]?.matches[0]?.headers).toEqual([
      { name: "x-ai-eg-never", value: "true", type: "Exact" },
    ]);
  });

  test("backends of other namespaces are named with them", () => {
    const elsewhere = backend("a").replaceAll("namespace: default", "namespace: team");
    const grant = `
kind: ReferenceGrant
metadata: {name: g, namespace: team}
spec:
  from:
    - {group: aigateway.envoyproxy.io, kind: AIGatewayRoute, namespace: default}
    - {group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}
  to:
    - {group: aigateway.envoyproxy.io, kind: AIServiceBackend}
    - {group: gateway.envoyproxy.io, kind: Backend}
`;
    const rules = "[{backendRefs: [{name: a, namespace: team}]}]";
    expect(rulesOf(objects(gateway, elsewhere, grant, route(rules)))[0]?.backendRefs).toEqual([
      {
        group: "gateway.envoyproxy.io",
        kind: "Backend",
        name: "a",
        namespace: "team",
        weight: 1,
      },
    ]);
  });

  test("a route whose Gateway is not there has none", () =>
    expect(objects(backend("a"), route("[{backendRefs: [{name: a}]}]"))).toEqual([]));
});

describe("the revision", () => {
  const revisionOf = (all: readonly KubeObject[], name: string): string | undefined =>
    named(all, "HTTPRoute", name).metadata.annotations?.[
      "gateway.envoyproxy.io/ai-gateway-revision"
    ];
  const rules = "[{backendRefs: [{name: a}]}]";
  const base = [gateway, backend("a"), route(rules, "", "z"), route(rules, "", "c")];
  const withKey = (version: number, value = "sk-canary"): string =>
    key("a")
      .replace(
        "a-secret, namespace: default}",
        `a-secret, namespace: default, resourceVersion: "${version}"}`,
      )
      .replace("sk-canary", value);

  test("stands on the first route of the Gateway alone", () => {
    const all = objects(...base);
    expect(revisionOf(all, "c")).toMatch(/^[0-9a-f]{12}$/);
    expect(revisionOf(all, "z")).toBeUndefined();
  });

  test("changes with a Secret's version, not with its value", () => {
    const of = (text: string): string | undefined => revisionOf(objects(...base, text), "c");
    expect(of(withKey(2))).not.toBe(of(withKey(1)));
    expect(of(withKey(1, "sk-other"))).toBe(of(withKey(1)));
  });

  test("changes with a program that moves nothing else", () => {
    const other = base.with(1, backend("a", "OpenAI", ", bodyMutation: {remove: [user]}"));
    expect(revisionOf(objects(...other), "c")).not.toBe(revisionOf(objects(...base), "c"));
    expect(revisionOf(objects(...base), "c")).toBe(revisionOf(objects(...base), "c"));
  });
});

test("no Secret's value stands in any object", () => {
  const all = objects(gateway, backend("a"), key("a"), route("[{backendRefs: [{name: a}]}]"));
  expect(JSON.stringify(all)).not.toMatch(/canary|c2stY2FuYXJ5/);
});
