import type { StatusUpdate } from "../status/types.ts";
import { conditionsIn, statusWith, type WrittenCondition } from "./status-body.ts";

const conditions: WrittenCondition[] = [
  {
    type: "Accepted",
    status: "True",
    reason: "Accepted",
    message: "",
    observedGeneration: 1,
    lastTransitionTime: "2026-01-01T00:00:00Z",
  },
];
const update = (...parents: string[]): StatusUpdate => ({
  apiVersion: "inference.networking.k8s.io/v1",
  kind: "InferencePool",
  namespace: "default",
  name: "p",
  generation: 1,
  conditions,
  parents,
});
const theirs = { parentRef: { name: "x" }, controllerName: "others", conditions: [] };
const placeholder = { parentRef: { kind: "Status", name: "default" } };

test("what others wrote stays, what nobody wrote goes", () => {
  const before = { parents: [theirs, placeholder] };
  const after = statusWith(conditions, update("default/gw"), before);
  expect(after).toMatchObject({
    parents: [
      theirs,
      { parentRef: { kind: "Gateway", namespace: "default", name: "gw" }, conditions },
    ],
  });
  expect(conditionsIn(after, update("default/gw"))).toEqual(conditions);
});

test("conditions under other parents do not count, unless all are to go", () => {
  const status = statusWith(conditions, update("default/gw"), undefined);
  expect(conditionsIn(status, update("default/gw", "default/other"))).toEqual([]);
  expect(conditionsIn(status, update())).toEqual(conditions);
  expect(conditionsIn(statusWith([], update(), status), update())).toEqual([]);
});

test("kinds without parents have them at the top", () => {
  const { parents: _, ...plain } = update();
  expect(statusWith(conditions, plain, { conditions: [] })).toEqual({ conditions });
  expect(conditionsIn({ conditions }, plain)).toEqual(conditions);
});
