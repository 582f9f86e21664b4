import fc from "fast-check";
import {
  backend,
  documents,
  gateway,
  key,
  route,
  snapshot,
} from "../../../test/support/yaml-resources.ts";
import { snapshotOf } from "../snapshot/snapshot.ts";
import { compile } from "./compile.ts";
import { partFor, partsOf } from "./narrowed.ts";
import type { Plan, RulePlan } from "./plan.ts";

const plan = (...texts: string[]): Plan => compile(snapshot(...texts), { platform: "standalone" });

const ruleOf = (p: Plan, index = 0): RulePlan => {
  const rule = p.gateways[0]?.rules[index];
  if (rule === undefined) throw new Error(`no rule ${index}: ${JSON.stringify(p.problems)}`);
  return rule;
};

describe("lanes", () => {
  test("one protocol, one override, plain costs: native", () => {
    const p = plan(
      gateway,
      backend("a"),
      backend("b"),
      route(
        "[{backendRefs: [{name: a, modelNameOverride: m}, {name: b, priority: 1, modelNameOverride: m}]}]",
        "llmRequestCosts: [{metadataKey: in, type: InputToken}]",
      ),
    );
    expect(p.problems).toEqual([]);
    const chat = ruleOf(p).endpoints["chat-completions"];
    expect(chat).toMatchObject({
      lane: "native",
      edit: { model: "m", path: "/v1/chat/completions" },
      streamUsage: true,
      estimate: ["in"],
    });
    expect(chat?.usage?.json).toContainEqual({ selector: ["usage", "prompt_tokens"], key: "in" });
  });

  test("an endpoint that some backends cannot serve goes to those that can, by their own lane", () => {
    const p = plan(
      gateway,
      backend("a"),
      backend("b", "Anthropic"),
      backend("c"),
      route("[{backendRefs: [{name: b}, {name: a, priority: 1}, {name: c, priority: 2}]}]"),
    );
    const rule = ruleOf(p);
    expect(rule.endpoints["chat-completions"]?.lane).toBe("translated");
    expect(rule.endpoints.embeddings?.lane).toBe("native");
    const part = partFor(rule, "embeddings");
    expect(part).toMatchObject({
      part: "1-2",
      backends: [{ name: "default/a" }, { name: "default/c" }],
      retry: { numRetries: 1, attemptsPerPriority: 1 },
    });
    expect(rule.retry).toMatchObject({ numRetries: 2 });
    expect(partFor(rule, "chat-completions")).toMatchObject({ backends: { length: 3 } });
    const parts = partsOf(rule);
    expect(parts.flatMap(({ endpoints }) => Object.keys(endpoints)).sort()).toEqual(
      Object.keys(rule.endpoints).sort(),
    );
    expect(p.problems).toMatchObject([
      {
        severity: "warning",
        reason: "EndpointUnsupported",
        message: expect.stringContaining("Anthropic has no API for embeddings"),
      },
    ]);
  });

  test("a value of a body mutation that is no JSON is told of, and sent as text", () => {
    const set = (value: string) =>
      `[{backendRefs: [{name: a, bodyMutation: {set: [{path: x, value: '${value}'}]}}]}]`;
    const told = plan(gateway, backend("a"), route(set('{"a": 1'))).problems;
    expect(told).toMatchObject([
      {
        severity: "warning",
        field: "spec.rules[0].backendRefs[0].bodyMutation.set",
        reason: "InvalidMutation",
      },
    ]);
    expect(plan(gateway, backend("a"), route(set('"a"'))).problems).toEqual([]);
  });

  test.each([
    [
      "different overrides",
      "[{backendRefs: [{name: a, modelNameOverride: m}, {name: b}]}]",
      "",
      "differ",
    ],
    ["another protocol", "[{backendRefs: [{name: a}, {name: bedrock}]}]", "", "AWSBedrock"],
    [
      "a body mutation",
      "[{backendRefs: [{name: a, bodyMutation: {remove: [x]}}]}]",
      "",
      "body mutations",
    ],
    [
      "a computed cost",
      "[{backendRefs: [{name: a}]}]",
      'llmRequestCosts: [{metadataKey: c, type: CEL, cel: "input_tokens + output_tokens"}]',
      "cost c",
    ],
  ])("%s: translated, and says why", (_, rules, extra, reason) => {
    const p = plan(
      gateway,
      backend("a"),
      backend("b"),
      backend("bedrock", "AWSBedrock"),
      route(rules, extra),
    );
    const chat = ruleOf(p).endpoints["chat-completions"];
    expect(chat?.lane).toBe("translated");
    expect(chat?.reason).toContain(reason);
  });
});

describe("a part that is wrong takes nothing else with it", () => {
  test("a backend whose Secret is missing is left out, the other serves", () => {
    const p = plan(
      gateway,
      backend("a"),
      key("a", false),
      backend("b"),
      key("b"),
      route("[{backendRefs: [{name: a}, {name: b}]}]"),
    );
    expect(p.problems).toEqual([
      {
        severity: "error",
        kind: "BackendSecurityPolicy",
        object: "default/a-key",
        field: "spec.apiKey.secretRef",
        reason: "SecretNotFound",
        message: "Secret default/a-secret does not exist, or may not be read",
      },
    ]);
    expect(ruleOf(p).backends.map((b) => b.name)).toEqual(["default/b"]);
  });

  test.each([
    [
      "no such backend",
      route("[{backendRefs: [{name: ghost}]}]"),
      "spec.rules[0].backendRefs[0].name",
      "BackendNotFound",
    ],
    [
      "another namespace",
      route("[{backendRefs: [{name: a, namespace: team}]}]"),
      "spec.rules[0].backendRefs[0].namespace",
      "RefNotPermitted",
    ],
    [
      "an inference pool",
      route(
        "[{backendRefs: [{name: p, group: inference.networking.k8s.io, kind: InferencePool}]}]",
      ),
      "spec.rules[0].backendRefs[0].kind",
      "BackendUnsupported",
    ],
    [
      "a cost that is no expression",
      route(
        "[{backendRefs: [{name: a}]}]",
        'llmRequestCosts: [{metadataKey: c, type: CEL, cel: "input_tokens +"}]',
      ),
      "spec.llmRequestCosts[0].cel",
      "InvalidCost",
    ],
    [
      "an unknown gateway",
      route("[{backendRefs: [{name: a}]}]").replace("name: gw", "name: other"),
      "spec.parentRefs[0]",
      "GatewayNotFound",
    ],
    [
      "two policies",
      `${route("[{backendRefs: [{name: a}]}]")}\n---\n${key("a")}\n---\n${key("a").replaceAll("a-key", "b-key")}`,
      "spec.targetRefs",
      "PolicyConflict",
    ],
  ])("%s is told", (_, text, field, reason) => {
    expect(plan(gateway, backend("a"), text).problems).toContainEqual(
      expect.objectContaining({ field, reason, severity: "error" }),
    );
  });

  test("whatever is taken away, compiling goes on, and no secret stands in a message", () => {
    const all = documents(
      gateway,
      backend("a"),
      key("a"),
      backend("bedrock", "AWSBedrock"),
      route(
        "[{backendRefs: [{name: a}, {name: bedrock, priority: 1}], matches: [{headers: [{name: x-ai-eg-model, value: m}]}]}]",
      ),
    );
    fc.assert(
      fc.property(fc.subarray(all), (some) => {
        const { problems } = compile(snapshotOf(some));
        expect(JSON.stringify(problems)).not.toContain("sk-canary");
      }),
    );
  });
});

describe("backend keys", () => {
  const keys = (p: Plan): string[] =>
    ruleOf(p)
      .backends.map((b) => b.key)
      .sort();
  const base = [gateway, backend("a"), backend("b")];

  test("do not depend on positions", () => {
    expect(keys(plan(...base, route("[{backendRefs: [{name: a}, {name: b}]}]")))).toEqual(
      keys(plan(...base, route("[{backendRefs: [{name: b}, {name: a}]}]"))),
    );
  });

  test("change with the address and with the credential's reference, not with its value", () => {
    const of = (...texts: string[]): string[] =>
      keys(plan(gateway, ...texts, route("[{backendRefs: [{name: a}]}]")));
    const plain = of(backend("a"));
    expect(of(backend("a", "OpenAI", "", "elsewhere.example.com"))).not.toEqual(plain);
    expect(of(backend("a"), key("a"))).not.toEqual(plain);
    expect(of(backend("a"), key("a").replace("sk-canary", "sk-other"))).toEqual(
      of(backend("a"), key("a")),
    );
  });
});

describe("retries", () => {
  const retry = (rules: string, ...more: string[]) =>
    ruleOf(plan(gateway, backend("a"), backend("b"), route(rules), ...more)).retry;

  test("priorities alone make failover real", () => {
    expect(retry("[{backendRefs: [{name: a}, {name: b, priority: 1}]}]")).toMatchObject({
      numRetries: 1,
      attemptsPerPriority: 1,
      statusCodes: [429],
      retryOn: expect.arrayContaining(["5xx", "connect-failure", "reset"]),
    });
  });

  test("one backend repeats only what had no effect", () => {
    expect(retry("[{backendRefs: [{name: a}]}]")).toEqual({
      numRetries: 1,
      retryOn: ["connect-failure", "refused-stream"],
      statusCodes: [],
    });
  });

  test("a user's policy on the route wins", () => {
    const policy = `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: p, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}]
  retry: {numRetries: 5, numAttemptsPerPriority: 2, retryOn: {httpStatusCodes: [500], triggers: [connect-failure]}, perRetry: {timeout: 3s, backOff: {baseInterval: 100ms}}}
`;
    expect(retry("[{backendRefs: [{name: a}, {name: b, priority: 1}]}]", policy)).toEqual({
      numRetries: 5,
      attemptsPerPriority: 2,
      retryOn: ["connect-failure", "retriable-status-codes"],
      statusCodes: [500],
      perTryTimeoutMs: 3000,
      baseIntervalMs: 100,
    });
  });
});
