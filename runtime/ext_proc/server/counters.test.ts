import { addCounters, createCounters, renderCounters } from "./counters.ts";

test("a cost whose expression fails is counted each time and logged once", () => {
  const warned: object[] = [];
  const counters = createCounters({
    warn: (fields) => warned.push(fields),
    error: () => undefined,
  });
  const cost = { key: "price", type: "CEL", cel: "1u / input_tokens" } as const;
  const variables = { model: "gpt-5", backend: "a/b", routeName: "a/chat", usage: {} };
  counters.costFailed(cost, variables, "division by zero");
  counters.costFailed(cost, variables, "division by zero");

  expect(warned).toEqual([
    { route: "a/chat", key: "price", model: "gpt-5", reason: "division by zero" },
  ]);
  expect(renderCounters(addCounters([counters.values(), counters.values()]))).toBe(
    "# TYPE aigw_ext_proc_costs_failed_total counter\naigw_ext_proc_costs_failed_total 4\n",
  );
});
