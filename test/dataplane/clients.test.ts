/**
 * What applications do with the vendors' own clients, unmodified, through the gateway, against every
 * backend: npm and Python, streaming and tools included. The stand-ins behind it refuse whatever
 * the vendor's published schema refuses.
 */
import { ANTHROPIC_ABILITIES, OPENAI_ABILITIES } from "../support/clients/abilities.ts";
import { anthropicScenarios } from "../support/clients/anthropic/scenarios.ts";
import { openAiScenarios } from "../support/clients/openai/scenarios.ts";
import { ensurePython } from "../support/clients/python/environment.ts";
import { runPythonScenarios } from "../support/clients/python/run.ts";
import {
  type Ability,
  applicable,
  type Scenario,
  type Target,
} from "../support/clients/scenario.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import {
  ANTHROPIC_KEY,
  ANTHROPIC_MODELS,
  startAnthropic,
} from "../support/standins/anthropic/server.ts";
import {
  BEDROCK_CREDENTIALS,
  BEDROCK_MODELS,
  startBedrock,
} from "../support/standins/bedrock/server.ts";
import { OPENAI_KEY, OPENAI_MODELS, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

interface Backend {
  name: "openai" | "anthropic" | "bedrock";
  model: string;
  reasoningModel: string;
  /** What it can do for each client; a client's own key is the gateway's business. */
  openai: Ability[];
  anthropic: Ability[];
  /** Scenarios that this backend answers otherwise, with the reason. */
  otherwise?: Readonly<Record<string, string>>;
}

const without = (abilities: readonly Ability[], ...cannot: Ability[]): Ability[] =>
  abilities.filter((ability) => ability !== "client-keys" && !cannot.includes(ability));

/** Anthropic's model for chat completions: what that shape has no word for is left out. */
const claudeByChat: Ability[] = [
  "tools",
  "parallel-tools",
  "images",
  "structured-output",
  "reasoning-text",
  "stop-sequences",
  "list-models",
];

const backends: Backend[] = [
  {
    name: "openai",
    model: "gpt-4o-mini",
    reasoningModel: "o4-mini",
    openai: without(OPENAI_ABILITIES),
    // OpenAI says that a stop sequence ended the answer, not which.
    anthropic: ["tools", "parallel-tools", "images", "structured-output"],
    otherwise: {
      "takes a tool's failure back":
        "a tool's result and a text beside it are two messages there, and the model answers the last",
    },
  },
  {
    name: "anthropic",
    model: "claude-haiku-4-5",
    reasoningModel: "claude-sonnet-4-5",
    openai: claudeByChat,
    anthropic: without(ANTHROPIC_ABILITIES, "count-tokens"),
  },
  {
    name: "bedrock",
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    reasoningModel: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    openai: claudeByChat,
    anthropic: [
      "tools",
      "parallel-tools",
      "images",
      "structured-output",
      "reasoning-text",
      "stop-sequences",
    ],
  },
];

let standIns: Record<Backend["name"], StandIn>;
let gateway: TestGateway;

beforeAll(async () => {
  const [openai, anthropic, bedrock] = await Promise.all([
    startOpenAi(),
    startAnthropic(),
    startBedrock(),
  ]);
  standIns = { openai, anthropic, bedrock };
  const rules = [
    ...OPENAI_MODELS.map((model) => ({ model, backends: "[{name: openai}]" })),
    ...ANTHROPIC_MODELS.map((model) => ({ model, backends: "[{name: anthropic}]" })),
    ...BEDROCK_MODELS.slice(0, 3).map((model) => ({ model, backends: "[{name: bedrock}]" })),
  ];
  gateway = await startTestGateway(
    documents(
      gatewayResource(),
      routeResource(rules, "llmRequestCosts: [{metadataKey: out, type: OutputToken}]"),
      backendResource("openai", { port: openai.port, key: { type: "APIKey", value: OPENAI_KEY } }),
      backendResource("anthropic", {
        schema: "Anthropic",
        port: anthropic.port,
        key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
      }),
      backendResource("bedrock", {
        schema: "AWSBedrock",
        port: bedrock.port,
        key: {
          type: "aws",
          id: BEDROCK_CREDENTIALS.accessKeyId,
          secret: BEDROCK_CREDENTIALS.secretAccessKey,
        },
      }),
    ),
  );
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all(Object.values(standIns ?? {}).map((standIn) => standIn.close()));
});

const target = (backend: Backend, client: "openai" | "anthropic"): Target => ({
  baseUrl: client === "openai" ? `${gateway.url}/v1` : `${gateway.url}/anthropic`,
  apiKey: "the-client-has-no-key",
  model: backend.model,
  reasoningModel: backend.reasoningModel,
  fail: (failure) => standIns[backend.name].fail(failure),
});

describe.each(backends)("$name", (backend) => {
  const served = (scenarios: readonly Scenario[], abilities: Ability[]): Scenario[] =>
    applicable(scenarios, abilities, { failing: true }).filter(
      ({ name }) => backend.otherwise?.[name] === undefined,
    );

  test.each(served(openAiScenarios, backend.openai))("npm openai: $name", ({ run }) =>
    run(target(backend, "openai")),
  );

  test.each(served(anthropicScenarios, backend.anthropic))(
    "npm @anthropic-ai/sdk: $name",
    ({ run }) => run(target(backend, "anthropic")),
  );

  test.each(["openai", "anthropic"] as const)("Python %s", async (client) => {
    const { fail: _, ...plain } = target(backend, client);
    const results = await runPythonScenarios(client, await ensurePython(), plain, backend[client]);
    expect(results.length).toBeGreaterThan(5);
    expect(results.filter(({ error }) => error !== null)).toEqual([]);
  });
});
