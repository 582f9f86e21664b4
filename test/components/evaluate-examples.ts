/**
 * Evaluates every example that is a program, in a process of its own, and prints what each declares:
 * its name and the kinds and names of its objects.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { objectsOf } from "../../components/render/evaluate.ts";
import { evaluateProject } from "../../components/render/program.ts";
import "../support/source-package.ts";
import { configOf } from "./example-config.ts";

const stacks = { "organization/platform/dev": { kubeconfig: "{}" } };
const EXAMPLES = path.resolve("examples");
const declared: Record<string, string[]> = {};
for (const entry of (await readdir(EXAMPLES)).sort()) {
  const folder = path.join(EXAMPLES, entry);
  if (!(await readdir(folder)).includes("Pulumi.yaml")) continue;
  if (!(await readdir(folder)).includes("index.ts")) continue;
  const { resources } = await evaluateProject(folder, { config: configOf(entry), stacks }).catch(
    (error: Error) => {
      throw new Error(`${entry}: ${error.message}`);
    },
  );
  declared[entry] = objectsOf(resources).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}
process.stdout.write(JSON.stringify(declared));
