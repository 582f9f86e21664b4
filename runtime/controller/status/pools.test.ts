import { gateway, pool, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import { statusesOf } from "./statuses.ts";

const REF = "{group: inference.networking.k8s.io, kind: InferencePool, name: llm}";
const PICKER = "{kind: Service, metadata: {name: picker, namespace: default}, spec: {}}";

function statusOf(...texts: string[]) {
  const input = snapshot(...texts);
  const facts = { httpRoutes: new Map(), rejected: new Map(), denied: new Set<string>() };
  return statusesOf(input, compile(input), facts).find(({ kind }) => kind === "InferencePool");
}

test("a pool is told under each Gateway whose routes refer to it", () => {
  const status = statusOf(gateway, pool("llm"), PICKER, route(`[{backendRefs: [${REF}]}]`));
  expect(status).toMatchObject({
    parents: ["default/gw"],
    conditions: [
      { type: "Accepted", status: "True" },
      { type: "ResolvedRefs", status: "True" },
    ],
  });
});

test("a picker whose Service is not there is told", () =>
  expect(
    statusOf(gateway, pool("llm"), route(`[{backendRefs: [${REF}]}]`))?.conditions,
  ).toContainEqual(
    expect.objectContaining({
      type: "ResolvedRefs",
      status: "False",
      message: expect.stringContaining("Service default/picker does not exist"),
    }),
  ));

test("nothing is said of a pool that no route refers to", () =>
  expect(statusOf(gateway, pool("llm"))).toMatchObject({ parents: [], conditions: [] }));
