// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the syntax under test
import fc from "fast-check";
import { stringify } from "yaml";
import { interpretText } from "./interpret.ts";

const load = (text: string, env: Record<string, string> = {}) => interpretText(text, "c.yaml", env);
const problems = (text: string): string[] =>
  load(text).problems.map(({ severity, message }) => `${severity} ${message}`);
const unserved = (text: string): string[] => load(text).unserved.map(({ message }) => message);

const gateway = (listener: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g}
spec:
  gatewayClassName: any
  listeners:
    - ${listener}
`;
const foreign = (kind: string, rest: string, group = "gateway.envoyproxy.io/v1alpha1"): string =>
  `apiVersion: ${group}\nkind: ${kind}\nmetadata: {name: p}\n${rest}\n`;

describe("our own kinds", () => {
  const backend = (spec: string): string =>
    `apiVersion: aigateway.envoyproxy.io/v1beta1\nkind: AIServiceBackend\nmetadata: {name: b, namespace: n}\nspec:\n${spec}`;
  const good =
    "  schema: {name: OpenAI}\n  backendRef: {name: b, kind: Backend, group: gateway.envoyproxy.io}\n";

  test("are validated and get their defaults", () => {
    const { resources, problems } = load(`
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: r}
spec: {rules: [{backendRefs: [{name: b}]}]}
`);
    expect(problems).toEqual([]);
    expect(resources).toMatchObject([
      { spec: { rules: [{ backendRefs: [{ name: "b", weight: 1, priority: 0 }] }] } },
    ]);
  });

  test("name object, field, position and what is wrong", () => {
    expect(problems(backend(good.replace("OpenAI", "OpenAl")))).toEqual([
      expect.stringMatching(
        /^error c\.yaml:5: AIServiceBackend n\/b: spec\.schema\.name: must be one of OpenAI, /,
      ),
    ]);
  });

  test("warn of unknown fields", () => {
    expect(problems(backend(`${good}  timeouts: {request: 3m}\n`))).toEqual([
      "warning c.yaml:7: AIServiceBackend n/b: spec.timeouts: unknown field, dropped",
    ]);
  });
});

describe("what is not served is named", () => {
  test.each([
    ["spec: {targetRefs: [], rateLimit: {type: Global}}", "spec.rateLimit"],
    ["spec: {retry: {retryOn: {x: 1}}}", "spec.retry.retryOn.x"],
    [
      "spec: {timeout: {http: {maxConnectionDuration: 1s}}}",
      "spec.timeout.http.maxConnectionDuration",
    ],
    ["spec: {circuitBreaker: {}}", "spec.circuitBreaker"],
  ])("in BackendTrafficPolicy: %s", (rest, path) => {
    const text = foreign("BackendTrafficPolicy", rest);
    expect(unserved(text)).toEqual([
      `c.yaml:4: BackendTrafficPolicy default/p: ${path} is not served in standalone mode`,
    ]);
    expect(load(text).resources).toHaveLength(1);
    expect(problems(text)).toEqual([]);
  });

  test.each([
    "SecurityPolicy",
    "EnvoyProxy",
    "ClientTrafficPolicy",
    "EnvoyExtensionPolicy",
    "HTTPRouteFilter",
    "HTTPRoute",
    "GRPCRoute",
    "InferencePool",
    "Deployment",
    "Service",
    "SomethingElse",
  ])("the kind %s", (kind) => {
    expect(unserved(foreign(kind, "spec: {}"))).toEqual([
      expect.stringContaining(
        `c.yaml:1: ${kind} default/p: this kind is not served in standalone mode`,
      ),
    ]);
  });

  test("our own kinds that need more than a gateway", () => {
    const quota = `
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: QuotaPolicy
metadata: {name: q}
spec:
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: b}]
  serviceQuota: {quota: {limit: 1, duration: 1m}}
`;
    expect(load(quota)).toMatchObject({ resources: [], problems: [] });
    expect(unserved(quota)[0]).toMatch(
      /QuotaPolicy default\/q: this kind is not served.*not limited/,
    );
    const config = `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: GatewayConfig
metadata: {name: c}
spec: {forwardProxy: {address: "proxy:3128"}}
`;
    expect(unserved(config)).toEqual([
      "c.yaml:5: GatewayConfig default/c: spec.forwardProxy is not served in standalone mode",
    ]);
  });

  test("a kind of another group by the same name", () => {
    expect(unserved(foreign("Gateway", "spec: {}", "networking.istio.io/v1"))).toHaveLength(1);
  });

  test("a list of resources, with the mend", () => {
    expect(unserved("apiVersion: v1\nkind: List\nitems: []\n")[0]).toMatch(/separated by ---/);
  });

  test("but not status, metadata, or what has no effect", () => {
    const text = [
      foreign("GatewayClass", "spec: {controllerName: x}", "gateway.networking.k8s.io/v1"),
      foreign("Namespace", "", "v1"),
      foreign("Secret", "type: Opaque\nimmutable: true\nstringData: {a: b}", "v1"),
      foreign(
        "Backend",
        "spec: {type: Endpoints, endpoints: [{ip: {address: 10.0.0.1, port: 1}}]}\nstatus: {x: 1}",
      ),
      foreign("BackendTrafficPolicy", "spec: {}").replace(
        "{name: p}",
        "{name: p, uid: x, managedFields: []}",
      ),
      gateway("{name: h, protocol: HTTP, port: 1975, allowedRoutes: {namespaces: {from: Same}}}"),
    ].join("---\n");
    expect(load(text)).toMatchObject({ problems: [], unserved: [] });
    expect(load(text).resources).toHaveLength(4);
  });

  test("a Backend of another type", () => {
    const text = foreign(
      "Backend",
      "spec: {type: DynamicResolver, endpoints: [{fqdn: {hostname: h, port: 1}}]}",
    );
    expect(unserved(text)).toEqual([expect.stringContaining("spec.type is not served")]);
  });
});

describe("listeners", () => {
  test("another port is told of once", () => {
    const text = gateway(
      "{name: a, protocol: HTTP, port: 80}\n    - {name: b, protocol: HTTP, port: 81}",
    );
    expect(problems(text)).toEqual([
      "warning c.yaml:8: Gateway default/g: spec.listeners[0].port: aigw listens on the port it is given (--port, 1975 by default), not on 80",
    ]);
    expect(problems(gateway("{name: a, protocol: HTTP, port: 1975}"))).toEqual([]);
  });

  test("those with TLS are named and not served", () => {
    const text = gateway(
      "{name: a, protocol: HTTP, port: 1975}\n    - {name: b, protocol: HTTPS, port: 443, tls: {mode: Terminate}}",
    );
    expect(unserved(text)).toEqual([
      "c.yaml:9: Gateway default/g: spec.listeners[1] is not served in standalone mode: its protocol is HTTPS, and aigw listens with plain HTTP alone",
    ]);
    expect(load(text).resources).toMatchObject([{ spec: { listeners: [{ name: "a" }] } }]);
  });

  test("allowedRoutes that restrict or open are named", () => {
    const text = gateway(
      "{name: a, protocol: HTTP, port: 1975, allowedRoutes: {namespaces: {from: All}}}",
    );
    expect(unserved(text)).toEqual([
      "c.yaml:8: Gateway default/g: spec.listeners[0].allowedRoutes is not served in standalone mode",
    ]);
  });
});

test("what is wrong with other projects' resources is told like what is wrong with ours", () => {
  const text = foreign(
    "Backend",
    "spec:\n  endpoints:\n    - fqdn: {hostname: h, port: 99999}\n    - ip: {address: 1}",
  );
  expect(problems(text)).toEqual([
    "error c.yaml:6: Backend default/p: spec.endpoints[0].fqdn.port: must be at most 65535",
    "error c.yaml:7: Backend default/p: spec.endpoints[1].ip.address: must be of type string",
    "error c.yaml:7: Backend default/p: spec.endpoints[1].ip.port: is required",
  ]);
  expect(load(text).resources).toEqual([]);
});

test.each([
  ["just text", "error c.yaml:1: not a resource: apiVersion, kind and metadata are needed"],
  ["kind: X", "error c.yaml:1: apiVersion: is required, as text"],
  ["apiVersion: v1\nkind: 1", "error c.yaml:2: kind: is required, as text"],
  ["apiVersion: v1\nkind: X\nmetadata: {}", "error c.yaml:3: metadata.name: is required, as text"],
])("%j is not a resource", (text, message) => expect(problems(text)).toEqual([message]));

test("two of the same kind and name are told of", () => {
  const text = foreign("Secret", "stringData: {a: b}", "v1");
  const spelt = text.replace("{name: p}", "{name: p, namespace: default}");
  const other = text.replace("{name: p}", "{name: p, namespace: other}");
  expect(problems([text, other, spelt].join("---\n"))).toEqual([
    "error c.yaml:11: Secret default/p: stands at c.yaml:1 already; rename or remove one",
  ]);
});

describe("Secrets", () => {
  test("base64 under data is checked", () => {
    expect(problems(foreign("Secret", "data: {apiKey: sk-plain}", "v1"))).toEqual([
      "error c.yaml:4: Secret default/p: data.apiKey: must be base64; text as it is belongs under stringData",
    ]);
    expect(problems(foreign("Secret", "data: {apiKey: c2s=, empty: ''}", "v1"))).toEqual([]);
  });

  test("numbers must be quoted", () => {
    expect(problems(foreign("Secret", "stringData: {apiKey: 12}", "v1"))).toEqual([
      "error c.yaml:4: Secret default/p: stringData.apiKey: must be of type string",
    ]);
  });

  const marker = "hunter2";
  const anything = fc
    .tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }))
    .map(([before, after]) => `${before}${marker}${after}`);

  test("no value of a Secret stands in any message, whatever is wrong with it", () => {
    const shapes = [
      (value: string) => ({ stringData: { k: value } }),
      (value: string) => ({ data: { k: value } }),
      (value: string) => ({ stringData: { k: { deeper: value } } }),
      (value: string) => ({ data: value }),
      (value: string) => ({ type: value, stringData: [value] }),
      (value: string) => ({ other: value }),
    ];
    fc.assert(
      fc.property(anything, fc.constantFrom(...shapes), fc.nat(60), (value, shape, cut) => {
        // What a user means by ${...} is a name of the environment and not a secret.
        fc.pre(!/\$\{/.test(value));
        const secret = {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "s" },
          ...shape(value),
        };
        const whole = stringify(secret);
        for (const text of [
          whole,
          `${whole.slice(0, -cut)}`,
          whole.replaceAll('"', ""),
          `a: *${value}`,
        ]) {
          expect(JSON.stringify([load(text).problems, load(text).unserved])).not.toContain(marker);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("nor does one that comes from the environment", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const { problems, unserved } = load(
          foreign("Secret", "data: {k: ${V}}\nother: ${V}", "v1"),
          {
            V: value,
          },
        );
        expect(JSON.stringify([problems, unserved])).not.toContain(marker);
      }),
      { numRuns: 100 },
    );
  });
});
