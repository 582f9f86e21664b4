import { readCases, valueAt } from "../../test/crds/cases.ts";
import { validateResource } from "./validate.ts";

const UNKNOWN = "unknown field, dropped";

describe("every case of test/crds/cases, judged by zod", () => {
  it.each(readCases())("$name", (each) => {
    const validation = validateResource(each.object);
    if (each.expect === "rejected") {
      expect(validation).toMatchObject({
        ok: false,
        problems: expect.arrayContaining([
          { path: each.field, message: expect.stringContaining(each.message ?? "") },
        ]),
      });
      return;
    }
    expect(validation).toMatchObject({ ok: true });
    const dropped = validation.warnings.filter(({ message }) => message === UNKNOWN);
    expect(dropped.map(({ path }) => path)).toEqual(each.warns ?? []);
    for (const [field, value] of Object.entries(each.defaults ?? {})) {
      expect([field, validation.ok && valueAt(validation.resource, field)]).toEqual([field, value]);
    }
  });
});
