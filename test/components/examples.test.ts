import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { parse, parseAllDocuments } from "yaml";
import { render } from "../../components/render/index.ts";

jest.setTimeout(120_000);

const run = promisify(execFile);
const ROOT = path.join(__dirname, "../..");
const read = (file: string): string => readFileSync(path.join(ROOT, "examples", file), "utf8");

test("every example says what it is for, and how it is run", () => {
  for (const example of readdirSync(path.join(ROOT, "examples"))) {
    if (example === "from-config") continue;
    expect(read(`${example}/README.md`)).toMatch(/```sh/);
  }
});

test("every program among the examples declares what it is about", async () => {
  const evaluate = path.join(__dirname, "evaluate-examples.ts");
  const { stdout } = await run(process.execPath, ["--no-warnings", evaluate], { cwd: ROOT });
  const declared = JSON.parse(stdout) as Record<string, string[]>;
  const expected: Record<string, string[]> = {
    "azure-entra": ["BackendSecurityPolicy azure-azure", "Secret azure-azure"],
    "bedrock-irsa": ["AIServiceBackend aws-claude", "EnvoyProxy aws"],
    "bring-your-own-cluster": ["AIGatewayRoute chat", "AIServiceBackend openai", "Gateway ai"],
    failover: ["AIGatewayRoute failover-chat", "BackendTrafficPolicy failover-chat"],
    mcp: ["MCPRoute tools-tools", "Backend tools-tools-github", "Secret tools-tools-github"],
    "multi-tenant": ["AIGatewayRoute shared-red", "AIGatewayRoute shared-blue"],
    quickstart: ["AIGatewayRoute quickstart-chat", "Secret quickstart-bedrock"],
    "self-hosted": ["Backend models-vllm", "Backend models-ollama", "AIGatewayRoute models-chat"],
    "token-quota": ["QuotaPolicy metered-openai", "BackendTrafficPolicy metered-chat"],
    "vertex-wif": ["BackendSecurityPolicy vertex-gemini", "Secret vertex-claude-oidc"],
    "from-config": ["AIGatewayRoute mine-chat", "Secret mine-openai"],
  };
  expect(Object.keys(declared)).toEqual(Object.keys(expected));
  for (const [example, objects] of Object.entries(expected)) {
    expect(declared[example]).toEqual(expect.arrayContaining(objects));
  }
});

test("inputs in YAML are rendered by aigw, and Secrets are left out", async () => {
  const bin = path.join(ROOT, "runtime/cli/bin.mjs");
  const file = path.join(ROOT, "examples/gitops-render/gateway.yaml");
  const { stdout } = await run(process.execPath, [bin, "render", file, "--name", "ai"]);
  const printed = parseAllDocuments(stdout).map((document) => document.toJS());
  expect(printed).toEqual(
    JSON.parse(JSON.stringify(render("ai", parse(read("gitops-render/gateway.yaml"))).objects)),
  );
});

test("render tells what is wrong, and takes no outputs", () => {
  expect(() =>
    render("ai", { backends: {}, routes: {}, controlPlane: { install: false } }),
  ).toThrow('AiGateway "ai": a gateway has at least one route');
  const host = Promise.resolve("api.openai.com");
  expect(() =>
    render("ai", { backends: { openai: { schema: "OpenAI", host } }, routes: {} }),
  ).toThrow("backends.openai.host is an output");
});
