import { backend, gateway, key, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { statusesOf } from "./statuses.ts";
import type { Condition, HttpRouteFacts, ProgrammedFacts, StatusUpdate } from "./types.ts";

const ACCEPTED = { type: "Accepted", status: "True", reason: "Accepted", message: "ok" };

const parent = (...conditions: object[]): HttpRouteFacts["parents"][number] => ({
  gateway: "default/gw",
  conditions: conditions.map((c) => ({ ...ACCEPTED, observedGeneration: 3, ...c })),
});

const facts = (
  parents: HttpRouteFacts["parents"] | undefined = [parent({})],
  others: Partial<ProgrammedFacts> = {},
): ProgrammedFacts => ({
  httpRoutes: new Map([["default/r", { generation: 3, parents }]]),
  denied: new Set(),
  rejected: new Map(),
  ...others,
});
const NOTHING = facts(undefined, { httpRoutes: new Map() });

const statuses = (texts: string[], known = facts()): StatusUpdate[] => {
  const input: Snapshot = snapshot(...texts);
  return statusesOf(input, compile(input), known);
};

/** The conditions of one object, by type. */
const of = (
  all: readonly StatusUpdate[],
  kind: string,
  name: string,
): Partial<Record<Condition["type"], Condition>> => {
  const found = all.find((status) => status.kind === kind && status.name === name);
  if (found === undefined) throw new Error(`no status of ${kind} ${name}`);
  return Object.fromEntries(found.conditions.map((condition) => [condition.type, condition]));
};

const ONE = route("[{backendRefs: [{name: a}]}]");
const good = [gateway, backend("a"), key("a"), ONE];

describe("what the reference's tools read", () => {
  const last = (texts: string[]): Condition | undefined =>
    statuses(texts)
      .find(({ kind }) => kind === "AIGatewayRoute")
      ?.conditions.at(-1);

  test("the last condition of a good object is Accepted", () =>
    expect(last(good)).toMatchObject({
      type: "Accepted",
      status: "True",
      reason: "ReconciliationSucceeded",
    }));

  test("the last condition of a bad object is NotAccepted", () =>
    expect(last([backend("a"), ONE])).toMatchObject({
      type: "NotAccepted",
      status: "False",
      reason: "ReconciliationFailed",
      message: expect.stringContaining("Gateway default/gw does not exist"),
    }));
});

test("all is well", () => {
  const all = statuses(good);
  for (const [kind, name] of [
    ["AIGatewayRoute", "r"],
    ["AIServiceBackend", "a"],
    ["BackendSecurityPolicy", "a-key"],
    ["GatewayConfig", "config"],
  ] as const) {
    expect([
      kind,
      ...Object.values(of(all, kind, name)).map((c) => `${c.type}=${c.status}`),
    ]).toEqual([kind, "ResolvedRefs=True", "Programmed=True", "Accepted=True"]);
  }
});

test("the generation that was judged is told", () => {
  const text = ONE.replace("{name: r,", "{name: r, generation: 7,");
  expect(statuses([...good.slice(0, 3), text])[0]).toMatchObject({
    apiVersion: "aigateway.envoyproxy.io/v1beta1",
    kind: "AIGatewayRoute",
    namespace: "default",
    name: "r",
    generation: 7,
  });
});

describe("a missing Secret is told", () => {
  const all = statuses([gateway, backend("a"), key("a", false), ONE]);
  const missing = expect.stringContaining("Secret default/a-secret does not exist");

  test("on the policy, where the reference stands", () =>
    expect(of(all, "BackendSecurityPolicy", "a-key").ResolvedRefs).toMatchObject({
      status: "False",
      reason: "SecretNotFound",
      message: missing,
    }));

  test("on the backend, which is not served", () =>
    expect(of(all, "AIServiceBackend", "a").Programmed).toMatchObject({
      status: "False",
      message: missing,
    }));

  test("on the route, which names the backend", () => {
    const { Accepted, ResolvedRefs, Programmed } = of(all, "AIGatewayRoute", "r");
    expect(Accepted?.status).toBe("True");
    expect(ResolvedRefs).toMatchObject({
      status: "False",
      message: expect.stringMatching(
        /^spec\.rules\[0\]\.backendRefs\[0\]: .*a-secret does not exist/,
      ),
    });
    expect(Programmed).toMatchObject({ status: "False", reason: "NoBackend" });
  });
});

describe("other faults, on the object at fault and on the route", () => {
  test("a backend that is not there", () =>
    expect(of(statuses([gateway, ONE]), "AIGatewayRoute", "r").ResolvedRefs).toEqual({
      type: "ResolvedRefs",
      status: "False",
      reason: "BackendNotFound",
      message: "spec.rules[0].backendRefs[0].name: AIServiceBackend default/a does not exist",
    }));

  test("a grant that is missing", () => {
    const text = route("[{backendRefs: [{name: a, namespace: team}]}]");
    expect(of(statuses([gateway, text]), "AIGatewayRoute", "r").ResolvedRefs).toMatchObject({
      status: "False",
      reason: "RefNotPermitted",
    });
  });

  test("an endpoint that one of the backends cannot serve", () => {
    const input = snapshot(...good);
    const plan = compile(input);
    plan.problems.push({
      severity: "warning",
      kind: "AIGatewayRoute",
      object: "default/r",
      field: "spec.rules[0].backendRefs",
      reason: "EndpointUnsupported",
      message: "backend default/a (OpenAI) cannot serve dreams",
    });
    expect(of(statusesOf(input, plan, facts()), "AIGatewayRoute", "r").Accepted).toMatchObject({
      status: "True",
      message: expect.stringContaining("cannot serve dreams"),
    });
  });

  test("a second policy: the older one counts, the other is told", () => {
    const second = key("a").replace(
      "a-key, namespace: default",
      'b-key, namespace: default, creationTimestamp: "2026-02-01T00:00:00Z"',
    );
    const all = statuses([gateway, backend("a"), key("a"), second, ONE]);
    expect(of(all, "BackendSecurityPolicy", "b-key").Accepted).toMatchObject({
      status: "False",
      reason: "PolicyConflict",
      message: expect.stringContaining("default/a-key"),
    });
    expect(of(all, "BackendSecurityPolicy", "a-key").Programmed?.status).toBe("True");
    expect(of(all, "AIGatewayRoute", "r").Programmed?.status).toBe("True");
  });

  test("a policy for a backend that is not there", () =>
    expect(of(statuses([gateway, key("a")]), "BackendSecurityPolicy", "a-key")).toMatchObject({
      ResolvedRefs: { status: "False", reason: "TargetNotFound" },
      Programmed: { status: "False", reason: "Unused" },
    }));

  test("kinds that are not served say so", () => {
    const quota = `
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: QuotaPolicy
metadata: {name: q, namespace: default}
spec: {}
`;
    expect(of(statuses([quota]), "QuotaPolicy", "q").Accepted).toMatchObject({
      status: "False",
      reason: "Unsupported",
    });
  });
});

describe("Programmed of a route", () => {
  const programmed = (known: ProgrammedFacts): Condition | undefined =>
    of(statuses(good, known), "AIGatewayRoute", "r").Programmed;
  test.each([
    ["before there is an HTTPRoute", NOTHING, "Unknown", "Pending"],
    ["before Envoy Gateway judged it", facts([]), "Unknown", "Pending"],
    [
      "while Envoy Gateway has judged an older one",
      facts([parent({ observedGeneration: 2 })]),
      "Unknown",
      "Pending",
    ],
    [
      "when Envoy Gateway refuses it",
      facts([parent({ status: "False", reason: "NotAllowedByListeners" })]),
      "False",
      "NotAllowedByListeners",
    ],
    [
      "while the extension denies a rule",
      facts(undefined, { denied: new Set(["default/r/rule/0"]) }),
      "Unknown",
      "Pending",
    ],
    [
      "when the Gateway serves nothing",
      facts(undefined, { rejected: new Map([["default/gw", "bad"]]) }),
      "False",
      "GatewayNotProgrammed",
    ],
    ["when all are content", facts(), "True", "Programmed"],
  ])("%s", (_, known, status, reason) =>
    expect(programmed(known)).toMatchObject({ status, reason }),
  );

  test("what Envoy Gateway says of references is told", () => {
    const refs = {
      type: "ResolvedRefs",
      status: "False",
      reason: "InvalidBackendTLS",
      message: "x",
    };
    const all = statuses(good, facts([parent({}, refs)]));
    expect(of(all, "AIGatewayRoute", "r").ResolvedRefs).toMatchObject({
      status: "False",
      reason: "InvalidBackendTLS",
    });
  });
});

test("no Secret's value stands in any status", () =>
  expect(JSON.stringify(statuses(good))).not.toContain("canary"));
