import { backend, gateway, key, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { desiredObjects } from "./desired.ts";
import type { KubeObject } from "./kube-object.ts";

const objectsOf = (input: Snapshot): KubeObject[] =>
  desiredObjects(input, compile(input), { rootPrefix: "/", extProc: [] });

const objects = (...texts: string[]): KubeObject[] => objectsOf(snapshot(...texts));

const named = (all: readonly KubeObject[], kind: string, name: string): KubeObject => {
  const found = all.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) {
    throw new Error(`no ${kind} ${name} among ${all.map((o) => `${o.kind} ${o.metadata.name}`)}`);
  }
  return found;
};

interface Rule {
  name?: string;
  matches: { path: object; headers?: object[] }[];
  filters: { extensionRef: { name: string } }[];
  backendRefs?: { name: string; namespace?: string; weight: number; port?: number }[];
  timeouts?: { request?: string };
}
const rulesOf = (all: readonly KubeObject[], name = "r"): Rule[] =>
  (named(all, "HTTPRoute", name).spec as { rules: Rule[] }).rules;

const policies = (all: readonly KubeObject[]): KubeObject[] =>
  all.filter(({ kind }) => kind === "BackendTrafficPolicy");

const MODEL = "matches: [{headers: [{name: x-ai-eg-model, value: m}]}]";
const TWO = "[{backendRefs: [{name: a}, {name: b, priority: 1}]}]";

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

describe("a Gateway whose config changes ext_proc", () => {
  const labels = { "app.kubernetes.io/name": "ai-eg-ext-proc" };
  const metadata = { name: "ai-eg-ext-proc", namespace: "system", labels };
  const common: KubeObject[] = [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: "ai-eg-ext-proc",
            containers: [
              {
                name: "ext-proc",
                image: "registry.example.com:5000/ai/runtime:v1@sha256:ab12",
                env: [
                  { name: "POD_IP", valueFrom: {} },
                  { name: "A", value: "common" },
                ],
                resources: { requests: { cpu: "1" } },
                securityContext: { runAsNonRoot: true },
              },
            ],
          },
        },
      },
    },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels } },
  ];
  const own = (settings: string, name = "gw"): KubeObject[] => {
    const text = gateway
      .replace("spec: {}", `spec: {extProc: {kubernetes: {${settings}}}}`)
      .replace("{name: gw,", `{name: ${name}, uid: u-7,`);
    const parents = route("[{backendRefs: [{name: a}]}]").replace("name: gw", `name: ${name}`);
    const input = snapshot(text, backend("a"), parents);
    const all = desiredObjects(input, compile(input), { rootPrefix: "/", extProc: common });
    return all.filter(({ kind }) => kind === "Deployment" || kind === "Service");
  };

  test("has one of its own, in its namespace, that goes with it", () => {
    const [deployment, service] = own("env: [{name: A, value: b}, {name: C, value: d}]");
    const label = { "app.kubernetes.io/name": "ai-eg-ext-proc-gw" };
    expect(deployment?.metadata).toMatchObject({
      name: "ai-eg-ext-proc-gw",
      namespace: "default",
      labels: { ...label, "app.kubernetes.io/managed-by": "envoy-ai-gateway" },
      ownerReferences: [{ kind: "Gateway", name: "gw", uid: "u-7" }],
    });
    expect(deployment?.spec).toEqual({
      selector: { matchLabels: label },
      template: {
        metadata: { labels: label },
        spec: {
          serviceAccountName: "ai-eg-ext-proc-gw",
          containers: [
            {
              name: "ext-proc",
              image: "registry.example.com:5000/ai/runtime:v1@sha256:ab12",
              env: [
                { name: "POD_IP", valueFrom: {} },
                { name: "A", value: "b" },
                { name: "C", value: "d" },
              ],
              resources: { requests: { cpu: "1" } },
              securityContext: { runAsNonRoot: true },
            },
          ],
        },
      },
    });
    expect(service?.spec).toEqual({ selector: label });
  });

  test.each([
    ["image: other/image:v2", { image: "other/image:v2" }],
    ["imageRepository: other/image", { image: "other/image:v1@sha256:ab12" }],
    ["resources: {limits: {memory: 1Gi}}", { resources: { limits: { memory: "1Gi" } } }],
    ["securityContext: {runAsUser: 1}", { securityContext: { runAsNonRoot: true, runAsUser: 1 } }],
    [
      "volumeMounts: [{name: v, mountPath: /v}]",
      { volumeMounts: [{ name: "v", mountPath: "/v" }] },
    ],
  ])("%s", (settings, expected) => {
    const [deployment] = own(settings);
    expect(deployment?.spec).toMatchObject({ template: { spec: { containers: [expected] } } });
  });

  test("has it under a name that a Service can have", () => {
    const [deployment] = own("env: []", `long.${"n".repeat(80)}`);
    expect(deployment?.metadata.name).toMatch(/^ai-eg-ext-proc-long-n+-[0-9a-f]{12}$/);
    expect(deployment?.metadata.name).toHaveLength(63);
  });

  test("no other Gateway has one", () => {
    const input = snapshot(gateway, backend("a"), route("[{backendRefs: [{name: a}]}]"));
    const all = desiredObjects(input, compile(input), { rootPrefix: "/", extProc: common });
    expect(all.filter(({ kind }) => kind === "Deployment")).toEqual([]);
  });
});
