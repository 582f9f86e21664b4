/** `npm run litellm`: writes docs/litellm.md, which says how LiteLLM and this gateway differ. */
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ensurePython } from "../../support/clients/python/environment.ts";
import { startEveryBackend } from "../../support/every-backend.ts";
import { compareAll } from "./compare.ts";
import { report } from "./report.ts";
import { gatewayOptions, providerOptions, startLiteLlm, startOurs } from "./sides.ts";

const requirements = resolve("test/peers/litellm/requirements.txt");
const interpreter = await ensurePython({
  requirements,
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
const version = /^litellm==(.+)$/m.exec(await readFile(requirements, "utf8"))?.[1] ?? "";
const every = await startEveryBackend();
const ours = await startOurs(every);
const sides = {
  ours,
  theirs: startLiteLlm(interpreter, providerOptions(every)),
  asClient: startLiteLlm(interpreter, gatewayOptions(ours.url)),
};
try {
  const comparisons = await compareAll(every, sides);
  await writeFile(resolve("docs/litellm.md"), report(comparisons, version));
} finally {
  await Promise.all(Object.values(sides).map((side) => side.close()));
  await every.close();
}
