import { prepare } from "../prepare.ts";
import { configFromEnvironment } from "./from-env.ts";
import { loadConfig } from "./load.ts";
import type { LoadedConfig } from "./loaded.ts";

const load = (env: Record<string, string>): Promise<LoadedConfig> =>
  loadConfig({ path: undefined, env });
const find = (config: LoadedConfig, kind: string) =>
  config.resources.find((resource) => resource.kind === kind);

test("one key is enough, and all models go to its provider", async () => {
  const config = await load({ OPENAI_API_KEY: "sk-1" });
  expect(config).toMatchObject({ problems: [], unserved: [] });
  const { gateway, errors, warnings } = prepare(config);
  expect([errors, warnings]).toEqual([[], []]);
  expect(gateway?.rules.map((rule) => rule.backends.map(({ name }) => name))).toEqual([
    ["default/openai"],
  ]);
  expect(find(config, "Backend")).toMatchObject({
    spec: { endpoints: [{ fqdn: { hostname: "api.openai.com", port: 443 } }] },
  });
  expect(find(config, "BackendTLSPolicy")).toMatchObject({
    spec: { validation: { hostname: "api.openai.com", wellKnownCACertificates: "System" } },
  });
  expect(find(config, "Secret")).toMatchObject({ stringData: { apiKey: "sk-1" } });
});

test("base URL, organization and project of OpenAI", async () => {
  const config = await load({
    OPENAI_API_KEY: "sk-1",
    OPENAI_BASE_URL: "http://127.0.0.1:11434/api/openai/",
    OPENAI_ORG_ID: "org-1",
    OPENAI_PROJECT_ID: "proj-1",
  });
  expect(find(config, "Backend")).toMatchObject({
    spec: { endpoints: [{ ip: { address: "127.0.0.1", port: 11434 } }] },
  });
  expect(find(config, "BackendTLSPolicy")).toBeUndefined();
  expect(find(config, "AIServiceBackend")).toMatchObject({
    spec: {
      schema: { name: "OpenAI", prefix: "api/openai" },
      headerMutation: {
        set: [
          { name: "OpenAI-Organization", value: "org-1" },
          { name: "OpenAI-Project", value: "proj-1" },
        ],
      },
    },
  });
});

test.each([
  [undefined, "api.anthropic.com", undefined],
  ["https://api.anthropic.com/v1", "api.anthropic.com", undefined],
  ["https://models.example.com/v2", "models.example.com", "v2"],
  ["https://models.example.com/anthropic", "models.example.com", "anthropic/v1"],
])("base URL %s of Anthropic", async (url, hostname, prefix) => {
  const config = await load({
    ANTHROPIC_API_KEY: "k",
    ...(url === undefined ? {} : { ANTHROPIC_BASE_URL: url }),
  });
  expect(config.problems).toEqual([]);
  expect(find(config, "Backend")).toMatchObject({ spec: { endpoints: [{ fqdn: { hostname } }] } });
  const service = find(config, "AIServiceBackend") as { spec?: { schema?: unknown } } | undefined;
  expect(service?.spec?.schema).toEqual({
    name: "Anthropic",
    ...(prefix === undefined ? {} : { prefix }),
  });
});

test("with both keys, Claude goes to Anthropic and the rest to OpenAI, and it is said", async () => {
  const config = await load({ OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b" });
  expect(find(config, "AIGatewayRoute")).toMatchObject({
    spec: {
      rules: [
        { matches: [{ headers: [{ value: "claude-.*" }] }], backendRefs: [{ name: "anthropic" }] },
        { matches: [{ headers: [{ value: ".*" }] }], backendRefs: [{ name: "openai" }] },
      ],
    },
  });
  expect(config.problems).toEqual([
    { severity: "warning", message: expect.stringContaining("claude-* go to Anthropic") },
  ]);
});

test("Azure goes before OpenAI and needs its endpoint and version", async () => {
  const keys = { AZURE_OPENAI_API_KEY: "a", OPENAI_API_KEY: "b" };
  expect((await load(keys)).problems).toEqual([
    {
      severity: "error",
      message: expect.stringContaining("AZURE_OPENAI_ENDPOINT and OPENAI_API_VERSION"),
    },
  ]);
  const config = await load({
    ...keys,
    AZURE_OPENAI_ENDPOINT: "https://mine.openai.azure.com",
    OPENAI_API_VERSION: "2024-10-21",
  });
  expect(config.problems).toEqual([]);
  expect(find(config, "AIServiceBackend")).toMatchObject({
    spec: { schema: { name: "AzureOpenAI", version: "2024-10-21" } },
  });
  expect(find(config, "BackendSecurityPolicy")).toMatchObject({ spec: { type: "AzureAPIKey" } });
});

test("no key, or an empty one, says what to do", () => {
  for (const env of [{}, { OPENAI_API_KEY: "" }]) {
    expect(configFromEnvironment(env)).toEqual({
      objects: [],
      problems: [
        { severity: "error", message: expect.stringMatching(/give a file, or set OPENAI_API_KEY/) },
      ],
    });
  }
});

test("a URL that is none is named without being shown", () => {
  for (const url of ["not a url", "ftp://user:pass@host", "localhost:80"]) {
    const { problems } = configFromEnvironment({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: url });
    expect(problems).toEqual([
      { severity: "error", message: expect.stringMatching(/^OPENAI_BASE_URL must be a URL/) },
    ]);
  }
});

test("keys are in Secrets alone, and in no message", async () => {
  const config = await load({ OPENAI_API_KEY: "sk-secret", ANTHROPIC_API_KEY: "sk-secret" });
  const others = config.resources.filter(({ kind }) => kind !== "Secret");
  const { errors, warnings } = prepare(config);
  expect(JSON.stringify([others, config.problems, errors, warnings])).not.toContain("sk-secret");
});
