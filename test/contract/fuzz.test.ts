/** A short slice of `npm run fuzz`, always the same. */
import { fuzz } from "../fuzz/run.ts";

test("no parser crashes on damaged inputs", async () => {
  const { inputs, findings } = await fuzz({ seed: 7, goesOn: (turn) => turn < 2400 });
  expect(findings).toEqual([]);
  expect(Object.values(inputs).every((count) => count >= 200)).toBe(true);
}, 60_000);
