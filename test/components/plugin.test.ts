import { readFileSync } from "node:fs";
import path from "node:path";
import { componentInputs } from "../../components/inputs/args.ts";
import { startPluginHost } from "../support/pulumi/plugin-host.ts";

jest.setTimeout(120_000);

const ROOT = path.join(__dirname, "../..");
const committed = JSON.parse(readFileSync(path.join(ROOT, "components/schema.json"), "utf8"));

test("Pulumi's plugin host serves the committed schema", async () => {
  const host = await startPluginHost(ROOT);
  try {
    expect(JSON.parse(await host.schema())).toEqual(committed);
  } finally {
    await host.close();
  }
});

test("every component is a resource of the schema, with the inputs of its schema here", () => {
  const { resources } = committed;
  expect(Object.keys(resources).sort()).toEqual(
    Object.keys(componentInputs)
      .map((name) => `envoy-ai-gateway:index:${name}`)
      .sort(),
  );
  for (const [name, schema] of Object.entries(componentInputs)) {
    const { inputProperties } = resources[`envoy-ai-gateway:index:${name}`];
    expect(Object.keys(inputProperties).sort()).toEqual(Object.keys(schema.shape).sort());
  }
});
