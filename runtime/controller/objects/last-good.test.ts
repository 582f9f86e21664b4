import { named } from "../../../test/support/written-objects.ts";
import {
  backend,
  documents,
  gateway,
  route,
  snapshot,
} from "../../../test/support/yaml-resources.ts";
import { createCompiler } from "../compile/incremental.ts";
import { desiredObjects } from "./desired.ts";
import { rememberedRoute } from "./last-good.ts";

const version = (generation: number, rules: string): string =>
  route(rules).replace("{name: r,", `{name: r, uid: u-1, generation: ${generation},`);
const GOOD = version(4, "[{backendRefs: [{name: a}], timeouts: {request: 7s}}]");
const BAD = version(
  5,
  '[{matches: [{headers: [{name: x, value: "(", type: RegularExpression}]}], backendRefs: [{name: a}]}]',
);

/** The HTTPRoute that is written after these versions of the route. */
function written(...versions: string[]) {
  const compiler = createCompiler();
  const states = versions.map((text) => snapshot(gateway, backend("a"), text));
  const plans = states.map((state) => compiler.compile(state));
  const [state, plan] = [states.at(-1), plans.at(-1)];
  if (state === undefined || plan === undefined) throw new Error("no version");
  const all = desiredObjects(state, plan, { rootPrefix: "/", extProc: [] });
  return named(all, "HTTPRoute", "r");
}

test("the version that is served is kept and read back, with its defaults", () => {
  const httpRoute = written(GOOD, BAD);
  expect(httpRoute.spec).toMatchObject({ rules: [{ timeouts: { request: "7s" } }, {}] });
  const kept = rememberedRoute(httpRoute);
  const [good] = documents(GOOD);
  expect(kept).toMatchObject({ ...good, metadata: { uid: "u-1", generation: 4, name: "r" } });
  const fresh = createCompiler().compile(
    snapshot(gateway, backend("a"), BAD),
    new Map(kept === undefined ? [] : [["default/r", kept]]),
  );
  expect(fresh.gateways[0]?.rules).toMatchObject([{ matches: [], requestTimeoutMs: 7000 }]);
});

test("nothing is kept while the newest version is served", () => {
  for (const httpRoute of [written(GOOD), written(BAD), written(BAD, version(6, "[{}]"))]) {
    expect(rememberedRoute(httpRoute)).toBeUndefined();
    expect(httpRoute.metadata.annotations).not.toHaveProperty([
      "aigateway.envoyproxy.io/last-good",
    ]);
  }
});

test("a route too large for an annotation is not kept", () => {
  const many = Array.from({ length: 2000 }, (_, i) => `{name: n${i}, value: ${"v".repeat(60)}}`);
  const mutation = `headerMutation: {set: [${many.join(", ")}]}`;
  const large = version(3, `[{backendRefs: [{name: a, ${mutation}}]}]`);
  expect(rememberedRoute(written(large, BAD))).toBeUndefined();
});

test.each(["", "null", "{", "[]", '{"apiVersion":"v1","spec":{}}', '{"spec":{"rules":7}}'])(
  "what is no route is not taken for one: %s",
  (text) => {
    const ownerReferences = [{ kind: "AIGatewayRoute", name: "r", uid: "u-1" }];
    const annotations = { "aigateway.envoyproxy.io/last-good": text };
    const metadata = { name: "r", namespace: "default", annotations, ownerReferences };
    expect(rememberedRoute({ metadata })).toBeUndefined();
  },
);
