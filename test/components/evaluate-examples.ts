/**
 * Evaluates every example that is a program, in a process of its own, and prints what each declares:
 * its name and the kinds and names of its objects.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { evaluate, objectsOf } from "../../components/render/evaluate.ts";
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
// The program of the root's Pulumi.yaml has its inputs from stack configuration alone.
const gateway = {
  backends: { openai: { schema: "OpenAI", host: "api.openai.com", apiKey: { value: "k" } } },
  routes: { chat: { rules: [{ models: ["gpt"], backends: [{ backend: "openai" }] }] } },
  controlPlane: { image: "registry.example.com/envoy-ai-gateway@sha256:0" },
};
const fromConfig = await evaluate(() => import("../../examples/from-config/index.ts"), {
  project: "envoy-ai-gateway",
  config: { "envoy-ai-gateway:name": "mine", "envoy-ai-gateway:gateway": JSON.stringify(gateway) },
});
declared["from-config"] = objectsOf(fromConfig.resources).map(
  ({ kind, metadata }) => `${kind} ${metadata.name}`,
);
process.stdout.write(JSON.stringify(declared));
