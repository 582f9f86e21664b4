/** Rules of backends that can serve an endpoint and such that cannot: its requests go to the former alone. */
import { envoyVersions } from "../support/envoy.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { ANTHROPIC_KEY, startAnthropic } from "../support/standins/anthropic/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

const CLAUDE = "modelNameOverride: claude-haiku-4-5";
const EMBEDDING = "modelNameOverride: text-embedding-3-small";
const GPT = "modelNameOverride: gpt-4o-mini";

describe.each(envoyVersions)("Envoy %s", (version) => {
  let claude: StandIn;
  let first: StandIn;
  let second: StandIn;
  let gateway: TestGateway;

  beforeAll(async () => {
    [claude, first, second] = await Promise.all([startAnthropic(), startOpenAi(), startOpenAi()]);
    const key = { type: "APIKey", value: OPENAI_KEY } as const;
    gateway = await startTestGateway(
      documents(
        gatewayResource(),
        routeResource([
          {
            model: "by-priority",
            backends: `[{name: claude, ${CLAUDE}}, {name: first, priority: 1, ${EMBEDDING}}, {name: second, priority: 2, ${EMBEDDING}}]`,
          },
          {
            model: "by-weight",
            backends: `[{name: claude, weight: 98, ${CLAUDE}}, {name: first, weight: 1, ${EMBEDDING}}, {name: second, weight: 1, ${EMBEDDING}}]`,
          },
          {
            model: "both-converse",
            backends: `[{name: claude, ${CLAUDE}}, {name: first, ${GPT}}]`,
          },
          { model: "alone", backends: `[{name: claude, ${CLAUDE}}]` },
        ]),
        backendResource("claude", {
          schema: "Anthropic",
          port: claude.port,
          key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
        }),
        // A name beside addresses: two clusters under an aggregate.
        backendResource("first", { port: first.port, key, host: "localhost" }),
        backendResource("second", { port: second.port, key }),
      ),
      { version },
    );
  });
  afterAll(async () => {
    await gateway?.close();
    await Promise.all([claude, first, second].map((standIn) => standIn?.close()));
  });

  const post = async (path: string, body: object): Promise<number> => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const embed = (model: string) => post("/v1/embeddings", { model, input: "a" });
  const chat = (model: string) =>
    post("/v1/chat/completions", { model, messages: [{ role: "user", content: "hello" }] });
  const got = () => [claude, first, second].map(({ requests }) => requests.length);
  const gained = async (run: () => Promise<unknown>): Promise<number[]> => {
    const before = got();
    await run();
    return got().map((count, index) => count - (before[index] ?? 0));
  };

  test("the first that can comes first, the next that can after it, with its own key", async () => {
    expect(await gained(() => embed("by-priority"))).toEqual([0, 1, 0]);
    first.fail({ kind: "status", status: 500 });
    expect(await gained(async () => expect(await embed("by-priority")).toBe(200))).toEqual([
      0, 1, 1,
    ]);
    expect(await gained(() => chat("by-priority"))).toEqual([1, 0, 0]);
  });

  test("weights count among those that can", async () => {
    const statuses: number[] = [];
    const counts = await gained(async () => {
      for (let i = 0; i < 40; i += 1) statuses.push(await embed("by-weight"));
    });
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(counts[0]).toBe(0);
    expect(Math.min(counts[1] ?? 0, counts[2] ?? 0)).toBeGreaterThan(5);
  });

  test("what all can serve is shared among all", async () => {
    const counts = await gained(async () => {
      for (let i = 0; i < 30; i += 1) expect(await chat("both-converse")).toBe(200);
    });
    expect(Math.min(counts[0] ?? 0, counts[1] ?? 0)).toBeGreaterThan(3);
  });

  test("what none can serve is refused with the reason", async () => {
    const response = await fetch(`${gateway.url}/v1/embeddings`, {
      method: "POST",
      body: JSON.stringify({ model: "alone", input: "a" }),
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: {
        message:
          'the model "alone" is not served on this endpoint: Anthropic has no API for embeddings',
      },
    });
  });
});
