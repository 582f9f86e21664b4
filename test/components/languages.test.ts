/** Examples in languages whose hosts are not here, held against the schema from which their SDKs are made. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { render } from "../../components/render/index.ts";
import { propertiesOf, schemaProblems } from "../support/pulumi/package-schema.ts";

const run = promisify(execFile);
const EXAMPLES = path.join(__dirname, "../../examples");
const IMAGE = "registry.example.com/envoy-ai-gateway@sha256:0";

test("the schema finds what a wrong program has", () => {
  const program = {
    backends: { openai: { schema: "openai", hots: "api.openai.com", http2: "yes" } },
    controlPlane: { replicas: 1 },
  };
  expect(schemaProblems("AiGateway", program)).toEqual([
    "routes: is required",
    "backends.openai.schema: openai is none of OpenAI, Cohere, AWSBedrock, AzureOpenAI, GCPVertexAI, GCPAnthropic, Anthropic, AWSAnthropic",
    "backends.openai.hots: is no property",
    "backends.openai.http2: is no boolean",
    "backends.openai.host: is required",
  ]);
});

test("Pulumi YAML: type, inputs and outputs are those of the schema", () => {
  const { resources, outputs } = parse(
    readFileSync(path.join(EXAMPLES, "yaml/Pulumi.yaml"), "utf8"),
  );
  const { type, properties } = resources.gateway;
  const [name, component] = type.split(":");
  expect(name).toBe("envoy-ai-gateway");
  expect(schemaProblems(component, properties)).toEqual([]);
  const reads = Object.values<string>(outputs).map(
    (text) => /^\$\{gateway\.(\w+)\}$/.exec(text)?.[1],
  );
  expect(propertiesOf(component)).toEqual(expect.arrayContaining(reads));
  expect(render("gateway", properties).objects.map(({ kind }) => kind)).toContain("AIGatewayRoute");
});

test("Python: the program runs, and what it gives is in the schema, by the names of its SDK", async () => {
  const program = path.join(EXAMPLES, "python/__main__.py");
  const standIns = path.join(__dirname, "../support/pulumi/python");
  const { stdout } = await run("python3", [program], {
    env: { ...process.env, PYTHONPATH: standIns, PYTHONDONTWRITEBYTECODE: "1" },
  });
  const { resources, exports } = JSON.parse(stdout);
  expect(resources).toHaveLength(1);
  const [{ component, name, args }] = resources;
  // Keys of the SDK's are in snake case; those of users, as of `backends`, are theirs.
  expect(schemaProblems(component, args, "snake")).toEqual([]);
  expect(exports).toEqual({ endpoint: `${component}.endpoint` });
  expect(propertiesOf(component)).toContain("endpoint");
  expect(name).toBe("ai");
  expect(JSON.stringify(args)).toContain(IMAGE);
});
