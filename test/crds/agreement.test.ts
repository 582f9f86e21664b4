import fc from "fast-check";
import { type Problem, validateResource } from "../../runtime/api/index.ts";
import type { KubeObject } from "../support/kube/client.ts";
import { readCases, valueAt } from "./cases.ts";
import { accepted, judge, planeWithCrds } from "./plane.ts";

const plane = planeWithCrds();

const RUNS = 1_500;

/** Values that are at an edge of some rule, or of the wrong type. */
const intruder = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, "", {}, [], 0, 1, -1, 0.5, 65536, 2 ** 31, 2 ** 32),
  fc.constantFrom<unknown>("a", "A.b", "10s", "1.5s", "x".repeat(254), "x".repeat(4097), "64Mi"),
  fc.constantFrom<unknown>("Secret", "Gateway", "Service", "Backend", "https://a.example", "a b"),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
);

type Change = { at: number; how: "replace" | "remove" | "repeat" | "add"; value: unknown };

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("replace", "remove", "repeat", "add"),
  value: intruder,
});

type Path = (string | number)[];

/** Paths of everything below the spec. */
function pathsOf(value: unknown, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...steps.flatMap((step) => pathsOf(Reflect.get(value, step), [...path, step]))];
}

function changed(object: KubeObject, { at, how, value }: Change): KubeObject {
  const copy = structuredClone(object);
  const paths = pathsOf(copy.spec, ["spec"]);
  const path = paths[at % paths.length] ?? ["spec"];
  const last = path[path.length - 1] ?? "spec";
  const parent = path.slice(0, -1).reduce<object>((owner, step) => Reflect.get(owner, step), copy);
  if (how === "add" && typeof Reflect.get(parent, last) === "object") {
    const target = Reflect.get(parent, last) as object | null;
    if (Array.isArray(target)) target.push(value);
    else if (target !== null) Reflect.set(target, "surplus", value);
  } else if (how === "repeat" && Array.isArray(parent)) {
    parent.push(structuredClone(parent[Number(last)]));
  } else if (how === "remove") {
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else Reflect.deleteProperty(parent, last);
  } else {
    Reflect.set(parent, last, value);
  }
  return copy;
}

/**
 * The API server takes a list for text that has a format (date-time, uri, byte), by a gap in its
 * type check. Typed clients cannot read such an object, and zod refuses it.
 */
const listForText = (object: KubeObject, { path, message }: Problem): boolean =>
  message === "must be of type string" && Array.isArray(valueAt(object, path));

// Of the refused ones, most would stay refused.
const objects = readCases()
  .filter((each) => each.expect === "accepted")
  .map((each) => each.object);

test("zod and the API server agree on objects that are off by a little, and on their defaults", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...objects),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      async (object, changes) => {
        const candidate = changes.reduce(changed, object);
        const verdict = await judge(plane(), candidate);
        const validation = validateResource(candidate);
        if (!validation.ok && validation.problems.some((each) => listForText(candidate, each))) {
          return;
        }
        expect({ candidate, ok: validation.ok, why: validation }).toMatchObject({
          candidate,
          ok: accepted(verdict),
        });
        if (accepted(verdict) && validation.ok) {
          expect(validation.resource.spec).toEqual(verdict.object.spec ?? {});
        }
      },
    ),
    { numRuns: RUNS },
  );
}, 300_000);
