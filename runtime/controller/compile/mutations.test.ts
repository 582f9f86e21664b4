import fc from "fast-check";
import { mergeBodyMutations, mergeHeaderMutations } from "./mutations.ts";

const name = fc.constantFrom("a", "b", "c", "X-Case");
const mutation = fc.record(
  {
    set: fc.uniqueArray(fc.record({ name, value: fc.string() }), { selector: (h) => h.name }),
    remove: fc.uniqueArray(name),
  },
  { requiredKeys: [] },
);

const apply = (
  headers: Record<string, string>,
  { set, remove }: { set: [string, string][]; remove: string[] },
): Record<string, string> => {
  const kept = Object.entries(headers).filter(([key]) => !remove.includes(key));
  return Object.fromEntries([...kept, ...set]);
};

test("merging is applying the backend's, then the route's", () => {
  fc.assert(
    fc.property(mutation, mutation, (backend, route) => {
      const client = { a: "client", b: "client", c: "client", "x-case": "client" };
      const oneByOne = apply(
        apply(client, mergeHeaderMutations(backend, undefined)),
        mergeHeaderMutations(undefined, route),
      );
      expect(apply(client, mergeHeaderMutations(backend, route))).toEqual(oneByOne);
    }),
  );
});

test("never touches pseudo headers or the gateway's own", () => {
  const merged = mergeHeaderMutations(
    { set: [{ name: ":path", value: "/x" }], remove: ["X-AI-EG-Model"] },
    { set: [{ name: "x-ok", value: "1" }] },
  );
  expect(merged).toEqual({ set: [["x-ok", "1"]], remove: [] });
});

test("a body value that is no JSON is a string", () => {
  expect(
    mergeBodyMutations(
      { set: [{ path: "tier", value: "flex" }], remove: ["user"] },
      {
        set: [
          { path: "n", value: "2" },
          { path: "user", value: '"u"' },
        ],
      },
    ),
  ).toEqual({
    set: [
      ["n", "2"],
      ["tier", '"flex"'],
      ["user", '"u"'],
    ],
  });
  expect(mergeBodyMutations(undefined, {})).toBeUndefined();
});
