/** What is different in a cluster: Services, InferencePools, listeners, limits of HTTPRoutes. */
import { backend, gateway, key, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "./compile.ts";
import { MAX_MATCHES, MAX_MATCHES_PER_RULE, matchBudgets } from "./limits.ts";
import type { BackendPlan, Plan, RulePlan } from "./plan.ts";

const plan = (...texts: string[]): Plan => compile(snapshot(...texts), { platform: "cluster" });
const rules = (p: Plan): RulePlan[] => p.gateways[0]?.rules ?? [];
const backendsOf = (p: Plan): BackendPlan[] => rules(p).flatMap((rule) => rule.backends);
const problem = (fields: object): unknown => expect.objectContaining(fields);

const ONE = route("[{backendRefs: [{name: a}]}]");
const to = (ref: string, name = "a"): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: ${name}, namespace: default}
spec: {schema: {name: OpenAI}, backendRef: {${ref}}}
`;
const withEndpoints = (spec: string): string => `
${to("kind: Backend, group: gateway.envoyproxy.io, name: a")}
---
kind: Backend
metadata: {name: a, namespace: default}
spec: {${spec}}
`;

describe("Services", () => {
  const SERVICE = to('kind: Service, group: "", name: llm, port: 8000');
  const service = (spec: string): string => `
kind: Service
metadata: {name: llm, namespace: default}
spec: {${spec}}
`;

  test("have a place in the plan", () => {
    const p = plan(gateway, SERVICE, service("ports: [{port: 80}, {port: 8000}]"), ONE);
    expect(p.problems).toEqual([]);
    expect(backendsOf(p)).toMatchObject([
      {
        origin: {
          group: "",
          kind: "Service",
          namespace: "default",
          name: "llm",
          port: 8000,
          position: 0,
        },
        addresses: [{ kind: "service", host: "llm.default", port: 8000 }],
        http2: false,
      },
    ]);
  });

  test("speak HTTP/2 where their port says so", () => {
    const text = service("ports: [{port: 8000, appProtocol: kubernetes.io/h2c}]");
    expect(backendsOf(plan(gateway, SERVICE, text, ONE))[0]?.http2).toBe(true);
  });

  test.each([
    ["a Service that is not there", "", "spec.backendRef.name", "BackendNotFound"],
    [
      "a port that it has not",
      service("ports: [{port: 80}]"),
      "spec.backendRef.port",
      "BackendNotFound",
    ],
    [
      "a Service without address",
      service("type: ExternalName"),
      "spec.backendRef",
      "BackendUnsupported",
    ],
  ])("%s is told", (_, text, field, reason) => {
    const p = plan(gateway, SERVICE, text, ONE);
    expect(p.problems).toContainEqual(problem({ kind: "AIServiceBackend", field, reason }));
    expect(backendsOf(p)).toEqual([]);
  });

  test("have no address outside a cluster", () => {
    const input = snapshot(gateway, SERVICE, service("ports: [{port: 8000}]"), ONE);
    expect(compile(input, { platform: "standalone" }).problems).toContainEqual(
      problem({ reason: "BackendUnsupported", field: "spec.backendRef" }),
    );
  });
});

describe("Backends", () => {
  test.each([
    [
      "addresses and sockets",
      "ip: {address: 10.0.0.1, port: 80}}, {unix: {path: /run/a.sock}",
      ["ip", "unix"],
    ],
    ["names", "fqdn: {hostname: a.example.com, port: 443}", ["fqdn"]],
  ])("with %s", (_, endpoints, kinds) => {
    const p = plan(gateway, withEndpoints(`endpoints: [{${endpoints}}]`), ONE);
    expect(p.problems).toEqual([]);
    expect(backendsOf(p)[0]?.addresses.map(({ kind }) => kind)).toEqual(kinds);
  });

  test.each([
    [
      "names mixed with addresses",
      "endpoints: [{fqdn: {hostname: a.example.com, port: 443}}, {ip: {address: 10.0.0.1, port: 80}}]",
      "spec.endpoints",
    ],
    ["addresses from the request", "type: DynamicResolver", "spec.type"],
  ])("with %s are told", (_, spec, field) => {
    const p = plan(gateway, withEndpoints(spec), ONE);
    expect(p.problems).toContainEqual(
      problem({ kind: "Backend", field, reason: "BackendUnsupported" }),
    );
    expect(backendsOf(p)).toEqual([]);
  });

  test("keep their position when one before them is left out", () => {
    const p = plan(
      gateway,
      backend("b"),
      route("[{backendRefs: [{name: a}, {name: b, weight: 0}, {name: b}]}]"),
    );
    expect(backendsOf(p).map(({ origin }) => origin.position)).toEqual([2]);
  });

  test("TLS is left to Envoy Gateway, whatever its source", () => {
    const policy = `
kind: BackendTLSPolicy
metadata: {name: tls, namespace: default}
spec:
  targetRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: a}]
  validation: {hostname: a.example.com, caCertificateRefs: [{group: "", kind: Secret, name: ca}]}
`;
    const p = plan(gateway, backend("a"), policy, ONE);
    expect(p.problems).toEqual([]);
    expect(backendsOf(p)).toHaveLength(1);
  });

  test("another namespace must permit the HTTPRoute, as Envoy Gateway demands", () => {
    const elsewhere = backend("a").replaceAll("namespace: default", "namespace: team");
    const grant = `
kind: ReferenceGrant
metadata: {name: g, namespace: team}
spec:
  from: [{group: aigateway.envoyproxy.io, kind: AIGatewayRoute, namespace: default}]
  to: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend}]
`;
    const p = plan(
      gateway,
      elsewhere,
      grant,
      route("[{backendRefs: [{name: a, namespace: team}]}]"),
    );
    expect(p.problems).toContainEqual(
      problem({
        object: "team/a",
        reason: "RefNotPermitted",
        message: expect.stringContaining("HTTPRoute of namespace default"),
      }),
    );
  });

  test("are told what is wrong before a route refers to them", () =>
    expect(
      plan(
        backend("a", "Unheard"),
        key("a", false),
        to("kind: Backend, group: gateway.envoyproxy.io, name: ghost", "b"),
      ).problems,
    ).toEqual([
      problem({ object: "default/a", reason: "BackendUnsupported" }),
      problem({ object: "default/a-key", reason: "SecretNotFound" }),
      problem({ object: "default/b", reason: "BackendNotFound" }),
    ]));
});

describe("InferencePools", () => {
  const POOL = `
kind: InferencePool
metadata: {name: p, namespace: default}
spec:
  selector: {matchLabels: {app: p}}
  targetPorts: [{number: 8000}]
  endpointPickerRef: {name: picker, port: {number: 9003}, failureMode: FailOpen}
`;
  const text = route(
    "[{backendRefs: [{name: p, group: inference.networking.k8s.io, kind: InferencePool}]}]",
  );

  test("speak OpenAI's API and have their picker", () => {
    const p = plan(gateway, POOL, text);
    expect(p.problems).toEqual([]);
    expect(backendsOf(p)).toMatchObject([
      {
        name: "default/p",
        schema: "OpenAI",
        origin: { group: "", kind: "Service", name: "ai-eg-pool-p", port: 8000 },
        addresses: [{ kind: "service", host: "ai-eg-pool-p.default", port: 8000 }],
        pool: {
          targetPorts: [8000],
          endpointPicker: {
            namespace: "default",
            name: "picker",
            port: 9003,
            tls: true,
            failOpen: true,
          },
        },
      },
    ]);
    expect(rules(p)[0]?.endpoints["chat-completions"]?.lane).toBe("native");
  });

  test("take a policy", () => {
    const policy = key("p").replace(
      "group: aigateway.envoyproxy.io, kind: AIServiceBackend",
      "group: inference.networking.k8s.io, kind: InferencePool",
    );
    expect(backendsOf(plan(gateway, POOL, policy, text))[0]?.credential?.kind).toBe("header");
  });

  test("without a picker are told", () => {
    const bare = POOL.replace(/ {2}endpointPickerRef.*\n/, "");
    expect(plan(gateway, bare, text).problems).toContainEqual(
      problem({ kind: "InferencePool", field: "spec.endpointPickerRef" }),
    );
  });

  test("that are not there are told", () =>
    expect(plan(gateway, text).problems).toContainEqual(
      problem({ reason: "BackendNotFound", field: "spec.rules[0].backendRefs[0].name" }),
    ));
});

describe("listeners", () => {
  const two = gateway.replace(
    "listeners: [{name: http, protocol: HTTP, port: 80}]",
    "listeners: [{name: http, protocol: HTTP, port: 80}, {name: inner, protocol: HTTP, port: 81, allowedRoutes: {namespaces: {from: Same}}}]",
  );
  const on = (parents: string, namespace = "default"): string =>
    ONE.replace("parentRefs: [{name: gw, kind: Gateway}]", `parentRefs: [${parents}]`).replace(
      "{name: r, namespace: default}",
      `{name: r, namespace: ${namespace}}`,
    );

  test.each([
    ["the Gateway", "{name: gw}", ["http", "inner"]],
    ["a listener", "{name: gw, sectionName: inner}", ["inner"]],
    ["a port", "{name: gw, port: 80}", ["http"]],
    [
      "two listeners",
      "{name: gw, sectionName: http}, {name: gw, sectionName: inner}",
      ["http", "inner"],
    ],
    ["a listener and the Gateway", "{name: gw, sectionName: inner}, {name: gw}", ["http", "inner"]],
  ])("a parent that names %s", (_, parents, listeners) => {
    const p = plan(two, backend("a"), on(parents));
    expect(p.problems).toEqual([]);
    expect(rules(p).map((rule) => rule.listeners)).toEqual([listeners]);
  });

  test("a route of another namespace, where a listener takes those of its own alone", () => {
    const grantless = on("{name: gw, namespace: default}", "team");
    expect(rules(plan(two, backend("a"), grantless))[0]?.listeners).toEqual(["http"]);
  });

  test.each([
    ["a listener that is not there", "{name: gw, sectionName: ghost}", "NotAttached", 0],
    ["a port that is not there", "{name: gw, port: 99}", "NotAttached", 0],
    [
      "listeners in two ways",
      "{name: gw, sectionName: http}, {name: gw, port: 81}",
      "InvalidValue",
      1,
    ],
  ])("a parent that names %s is told", (_, parents, reason, index) =>
    expect(plan(two, backend("a"), on(parents)).problems).toContainEqual(
      problem({ reason, field: `spec.parentRefs[${index}]`, severity: "error" }),
    ),
  );
});

describe("what an HTTPRoute can hold", () => {
  const matches = (count: number): string =>
    `matches: [${Array.from({ length: count }, (_, i) => `{headers: [{name: x-ai-eg-model, value: m${i}}]}`).join(", ")}]`;

  test("backends above it are left out and told", () => {
    const refs = Array.from({ length: 17 }, () => "{name: a}").join(", ");
    const p = plan(gateway, backend("a"), route(`[{backendRefs: [${refs}]}]`));
    expect(backendsOf(p)).toHaveLength(16);
    expect(p.problems).toContainEqual(
      problem({ field: "spec.rules[0].backendRefs", reason: "BackendUnsupported" }),
    );
  });

  test("matches above it are left out and told", () => {
    const rule = `{${matches(65)}, backendRefs: [{name: a}]}`;
    const p = plan(gateway, backend("a"), route(`[${rule}, ${rule}, {backendRefs: [{name: a}]}]`));
    expect(rules(p).map((one) => one.matches.length)).toEqual([64, 62, 0]);
    expect(p.problems.map(({ field, reason }) => [field, reason])).toEqual([
      ["spec.rules[0].matches", "InvalidMatch"],
      ["spec.rules[1].matches", "InvalidMatch"],
    ]);
  });

  test.each([
    [[1]],
    [[64, 64]],
    [[100, 0, 100]],
    [Array.from({ length: 15 }, () => 128)],
    [Array.from({ length: 15 }, () => 0)],
  ])("%p matches fit", (counts) => {
    const budgets = matchBudgets(counts);
    const written = budgets.map((budget, i) => Math.max(1, Math.min(budget, counts[i] ?? 0)));
    expect(written.reduce((sum, n) => sum + n, 0) + 1).toBeLessThanOrEqual(MAX_MATCHES);
    expect(Math.max(...written)).toBeLessThanOrEqual(MAX_MATCHES_PER_RULE);
    expect(Math.min(...budgets)).toBeGreaterThanOrEqual(1);
  });
});

test("the time limit of an attempt is that of the rule", () => {
  const text = route("[{backendRefs: [{name: a}], timeouts: {backendRequest: 5s}}]");
  expect(rules(plan(gateway, backend("a"), text))[0]?.retry?.perTryTimeoutMs).toBe(5000);
});

describe("a forward proxy", () => {
  const through = (address: string): Plan =>
    plan(gateway.replace("spec: {}", `spec: {forwardProxy: {address: "${address}"}}`));

  test.each([
    ["proxy.example.com:3128", { host: "proxy.example.com", port: 3128 }],
    ["[fd00::1]:80", { host: "fd00::1", port: 80 }],
  ])("%s", (address, expected) => {
    const p = through(address);
    expect(p.problems).toEqual([]);
    expect(p.gateways[0]?.forwardProxy).toEqual(expected);
  });

  test.each(["http://proxy:80", "proxy", "proxy:0", "user@proxy:80"])(
    "%s is told, and nothing goes past it",
    (address) => {
      const p = through(address);
      expect(p.problems).toEqual([
        problem({ kind: "GatewayConfig", field: "spec.forwardProxy.address" }),
      ]);
      expect(p.gateways[0]?.forwardProxy?.host).toBe("proxy.invalid");
    },
  );
});
