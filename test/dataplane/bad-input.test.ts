/** Whatever comes in, from clients or from providers: an error in the client's shape, and no harm. */
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { ANTHROPIC_KEY, startAnthropic } from "../support/standins/anthropic/server.ts";
import {
  BEDROCK_CREDENTIALS,
  BEDROCK_MODELS,
  startBedrock,
} from "../support/standins/bedrock/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

type Name = "openai" | "anthropic" | "bedrock";
type Api = "chat" | "messages";

let standIns: Record<Name, StandIn>;
let gateway: TestGateway;
let workers: number[];

beforeAll(async () => {
  const [openai, anthropic, bedrock] = await Promise.all([
    startOpenAi(),
    startAnthropic(),
    startBedrock(),
  ]);
  standIns = { openai, anthropic, bedrock };
  gateway = await startTestGateway(
    documents(
      gatewayResource(),
      routeResource(
        [
          { model: "openai", backends: "[{name: openai, modelNameOverride: gpt-4o}]" },
          {
            model: "anthropic",
            backends: "[{name: anthropic, modelNameOverride: claude-haiku-4-5}]",
          },
          {
            model: "bedrock",
            backends: `[{name: bedrock, modelNameOverride: "${BEDROCK_MODELS[0]}"}]`,
          },
        ],
        "llmRequestCosts: [{metadataKey: out, type: OutputToken}]",
      ),
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
  workers = gateway.extProcPids();
});

afterAll(async () => {
  await gateway?.close();
  await Promise.all(Object.values(standIns ?? {}).map((standIn) => standIn.close()));
});

// Nothing that happened may have cost a process, or left a stream behind.
afterEach(async () => {
  expect(gateway.extProcPids()).toEqual(workers);
  for (let round = 0; round < 40; round++) {
    const { body } = await gateway.envoy.adminGet(
      "/stats?filter=cluster.aigateway_ext_proc.upstream_rq_active",
    );
    if (/: 0$/m.test(body)) return;
    await sleep(50);
  }
  throw new Error("a stream to ext_proc is still open");
});

const PATHS: Record<Api, string> = {
  chat: "/v1/chat/completions",
  messages: "/anthropic/v1/messages",
};

interface Reply {
  status: number;
  body: string;
}

/** `cutOff`: the connection broke before the answer was complete. */
function send(
  api: Api,
  body: Buffer | string,
  options: { method?: string; chunked?: boolean } = {},
): Promise<Reply & { cutOff: boolean }> {
  return new Promise((resolve, reject) => {
    const call = request(`${gateway.url}${PATHS[api]}`, {
      method: options.method ?? "POST",
      headers: {
        "content-type": "application/json",
        ...(options.chunked ? {} : { "content-length": Buffer.byteLength(body) }),
      },
    });
    let answered = false;
    call.on("response", (response) => {
      answered = true;
      let text = "";
      const done = (cutOff: boolean) => () =>
        resolve({ status: response.statusCode ?? 0, body: text, cutOff });
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
      });
      response.on("end", done(false));
      response.on("error", done(true));
    });
    // A body that is refused early may still be on its way.
    call.on("error", (error) => {
      if (!answered) reject(error);
    });
    call.end(body);
  });
}

const ask = (model: string, more: object = {}): string =>
  JSON.stringify({
    model,
    max_tokens: 100,
    messages: [{ role: "user", content: "hello" }],
    ...more,
  });

function expectShape(api: Api, body: string): void {
  expect(JSON.parse(body)).toMatchObject(
    api === "chat"
      ? {
          error: { message: expect.any(String), type: expect.any(String), param: null, code: null },
        }
      : { type: "error", error: { type: expect.any(String), message: expect.any(String) } },
  );
}

const apis: Api[] = ["chat", "messages"];
const names: Name[] = ["openai", "anthropic", "bedrock"];
const pairs = apis.flatMap((api) => names.map((name): [Api, Name] => [api, name]));

describe.each(apis)("clients of %s", (api) => {
  test.each([
    ["malformed JSON", '{"model": "openai", ', 400],
    ["no JSON at all", "hello", 400],
    ["nothing", "", 400],
    ["no model", '{"messages": []}', 400],
    ["a model that is no string", '{"model": 7}', 400],
    ["two models", '{"model": "openai", "model": "bedrock"}', 400],
    ["an unknown model", ask("nobody"), 404],
  ])("%s", async (_, body, status) => {
    const reply = await send(api, body);
    expect(reply.status).toBe(status);
    expectShape(api, reply.body);
  });

  test("a GET where only POST is served", async () => {
    const reply = await send(api, "", { method: "GET" });
    expect(reply.status).toBe(404);
  });

  test.each([false, true])("50 MB (chunked: %s)", async (chunked) => {
    const body = Buffer.from(ask("openai", { padding: "x".repeat(50 * 1024 * 1024) }));
    const reply = await send(api, body, { chunked });
    expect(reply.status).toBe(413);
    expectShape(api, reply.body);
  });
});

describe.each(pairs)("%s through %s", (api, name) => {
  test("a wrong type is refused, by the gateway or by the provider", async () => {
    const reply = await send(api, ask(name, { messages: [{ role: "user", content: 5 }] }));
    expect([400, 422]).toContain(reply.status);
    expect(reply.body).toContain('"error"');
  });

  test("invalid UTF-8 does no harm", async () => {
    const [head = "", tail = ""] = ask(name).split("hello");
    const body = Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0xfe]), Buffer.from(tail)]);
    expect((await send(api, body)).status).toBeLessThan(500);
  });

  test("a provider that resets before it answers", async () => {
    standIns[name].fail({ kind: "reset", times: 2 });
    const reply = await send(api, ask(name));
    expect(reply.status).toBeGreaterThanOrEqual(500);
    expectShapeLoosely(api, reply.body);
    await drain(name);
  });

  test.each([
    { kind: "truncate", afterEvents: 2 },
    { kind: "reset", afterBytes: 300 },
    { kind: "corrupt", event: 2 },
    { kind: "stream-error", afterEvents: 2 },
  ] as const)("a stream that breaks never ends as a good one: %j", async (failure) => {
    // Anthropic's third event is a ping, which says nothing.
    const skipPing = failure.kind === "corrupt" && name === "anthropic" ? { event: 3 } : {};
    standIns[name].fail({ ...failure, ...skipPing });
    const { status, body, cutOff } = await send(api, ask(name, { stream: true }));
    const ending = api === "chat" ? "data: [DONE]" : "event: message_stop";
    const good = status === 200 && !cutOff && body.includes(ending) && !body.includes('"error"');
    // A damaged event of the client's own protocol goes by as it is: bytes stay the provider's.
    const native =
      (api === "chat" && name === "openai") || (api === "messages" && name === "anthropic");
    if (!(native && failure.kind === "corrupt")) expect(good).toBe(false);
    await drain(name);
  });

  test.each(["gzip", "br"] as const)(
    "a compressed answer (%s), whole and streamed",
    async (encoding) => {
      for (const stream of [false, true]) {
        standIns[name].fail({ kind: "compress", encoding });
        expect((await send(api, ask(name, { stream }))).status).toBe(200);
        await drain(name);
      }
    },
  );

  test("the next request is served", async () => {
    expect((await send(api, ask(name))).status).toBe(200);
  });
});

const expectShapeLoosely = (api: Api, body: string): void =>
  expect(JSON.parse(body)).toMatchObject(api === "chat" ? { error: {} } : { type: "error" });

/** Uses up failures that a test has queued and not met. */
async function drain(name: Name): Promise<void> {
  await fetch(`${standIns[name].url}/_standin/failures`, { method: "DELETE" });
}
