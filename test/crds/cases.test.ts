import { validateResource } from "../../runtime/api/index.ts";
import { KubeError } from "../support/kube/client.ts";
import { readCases, valueAt } from "./cases.ts";
import { accepted, judge, planeWithCrds } from "./plane.ts";

const plane = planeWithCrds();

describe("every case of test/crds/cases, judged by the API server", () => {
  it.each(readCases())("$name", async (each) => {
    const verdict = await judge(plane(), each.object);
    if (each.expect === "rejected") {
      expect(verdict).toBeInstanceOf(KubeError);
      expect(causes(verdict)).toEqual(
        expect.arrayContaining([
          { field: each.field, message: expect.stringContaining(each.message ?? "") },
        ]),
      );
      return;
    }
    if (!accepted(verdict)) throw verdict;
    const { object, warnings } = verdict;
    expect(warnings.filter((text) => text.startsWith("unknown field"))).toEqual(
      (each.warns ?? []).map((field) => `unknown field "${field}"`),
    );
    for (const [field, value] of Object.entries(each.defaults ?? {})) {
      expect([field, valueAt(object, field)]).toEqual([field, value]);
    }
    // Not these defaults alone: the whole object is the one that zod makes of it.
    const validation = validateResource(each.object);
    expect(validation).toMatchObject({ ok: true });
    if (validation.ok) expect(object.spec ?? {}).toEqual(validation.resource.spec);
  });
});

/** What the server complains of; a number out of its type's range names its field in the text alone. */
function causes(verdict: unknown): { field: string; message: string }[] {
  if (!(verdict instanceof KubeError)) return [];
  return (verdict.status.details?.causes ?? []).map(({ field = "", message = "" }) => ({
    field: field === "<nil>" ? (/ in (spec\S+)$/.exec(message)?.[1] ?? field) : field,
    message,
  }));
}
