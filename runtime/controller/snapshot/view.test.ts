import { documents, snapshot } from "../../../test/support/yaml-resources.ts";
import { selects } from "./selectors.ts";
import { targeting, viewOf } from "./view.ts";

const policy = (name: string, spec: string, created = "2026-01-01"): string => `
kind: BackendTrafficPolicy
metadata: {name: ${name}, namespace: default, creationTimestamp: "${created}T00:00:00Z"}
spec: {${spec}}
`;
const ROUTE = { kind: "HTTPRoute", namespace: "default", name: "r", labels: { team: "x" } };

describe("policies of a target", () => {
  const names = (...texts: string[]): string[] =>
    targeting(snapshot(...texts), "BackendTrafficPolicy", ROUTE).map((p) => p.metadata.name);

  test("are those that name or select it, oldest first", () =>
    expect(
      names(
        policy("young", "targetRefs: [{kind: HTTPRoute, name: r}]", "2026-03-01"),
        policy("old", "targetRef: {kind: HTTPRoute, name: r}"),
        policy(
          "selecting",
          "targetSelectors: [{kind: HTTPRoute, matchLabels: {team: x}}]",
          "2026-02-01",
        ),
        policy("other kind", "targetRefs: [{kind: GRPCRoute, name: r}]"),
        policy("other labels", "targetSelectors: [{kind: HTTPRoute, matchLabels: {team: y}}]"),
      ),
    ).toEqual(["old", "selecting", "young"]));

  test("are of the target's namespace", () => {
    const elsewhere = policy("p", "targetRefs: [{kind: HTTPRoute, name: r}]");
    expect(names(elsewhere.replace("namespace: default", "namespace: team"))).toEqual([]);
  });
});

test.each([
  [{}, true],
  [{ matchLabels: { a: "1" } }, true],
  [{ matchLabels: { a: "2" } }, false],
  [{ matchExpressions: [{ key: "a", operator: "In", values: ["1", "2"] }] }, true],
  [{ matchExpressions: [{ key: "b", operator: "In", values: ["1"] }] }, false],
  [{ matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] }, false],
  [{ matchExpressions: [{ key: "b", operator: "NotIn", values: ["1"] }] }, true],
  [{ matchExpressions: [{ key: "a", operator: "Exists" }] }, true],
  [{ matchExpressions: [{ key: "a", operator: "DoesNotExist" }] }, false],
  [{ matchExpressions: [{ key: "a", operator: "Unheard" }] }, false],
])("selector %j", (selector, expected) => expect(selects(selector, { a: "1" })).toBe(expected));

describe("what was read", () => {
  const SECRET =
    "kind: Secret\nmetadata: {name: s, namespace: default, uid: u, resourceVersion: '1'}";
  const reading = (text: string) => {
    const { snapshot: read, reads } = viewOf(snapshot(text)).recording();
    return { read, reads };
  };

  test("holds while it says the same, and no longer", () => {
    const { read, reads } = reading(SECRET);
    read.Secret.get("default/s");
    read.Secret.get("default/none");
    const holds = (text: string): boolean => reads.holdsFor(viewOf(snapshot(text)));
    expect(holds(SECRET)).toBe(true);
    expect(holds(SECRET.replace("'1'", "'2'"))).toBe(false);
    expect(holds(SECRET.replace("uid: u", "uid: v").replace("'1'", "'2'"))).toBe(false);
    expect(holds(`${SECRET}\n---\n${SECRET.replace("name: s", "name: none")}`)).toBe(false);
    expect(holds(`${SECRET}\n---\n${SECRET.replace("name: s", "name: else")}`)).toBe(true);
    expect(holds("")).toBe(false);
  });

  test("of a whole kind holds while none comes or goes", () => {
    const { read, reads } = reading(SECRET);
    expect([...read.Secret.values()]).toEqual(documents(SECRET));
    expect(read.Secret.size).toBe(1);
    expect(reads.holdsFor(viewOf(snapshot(SECRET)))).toBe(true);
    const more = `${SECRET}\n---\n${SECRET.replace("name: s", "name: t")}`;
    expect(reads.holdsFor(viewOf(snapshot(more)))).toBe(false);
  });

  test("labels and annotations count, a status does not", () => {
    const of = (metadata: string) =>
      `kind: Gateway\nmetadata: {name: g, namespace: default, uid: u, generation: 2, ${metadata}}`;
    const { read, reads } = reading(of("resourceVersion: '1', labels: {a: b}"));
    read.Gateway.get("default/g");
    const holds = (metadata: string): boolean => reads.holdsFor(viewOf(snapshot(of(metadata))));
    expect(holds("resourceVersion: '2', labels: {a: b}")).toBe(true);
    expect(holds("resourceVersion: '2', labels: {a: c}")).toBe(false);
    expect(holds("resourceVersion: '2', labels: {a: b}, annotations: {c: d}")).toBe(false);
  });
});
