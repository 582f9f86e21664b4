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

test("fields that clients make up are counted, but not each by its name", () => {
  const counters = createCounters({ warn: () => undefined, error: () => undefined });
  const program = { v: 1, route: "n/r", backend: "n/b", schema: "OpenAI" } as const;
  for (let n = 0; n < 5000; n += 1)
    counters.fieldsDropped(program, [`messages[${n}].made_up_${n}`]);
  const values = counters.values();
  expect(Object.keys(values).length).toBeLessThan(300);
  expect(Object.values(values).reduce((sum, count) => sum + count, 0)).toBe(5000);
});
