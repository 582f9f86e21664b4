/** Credentials that requests bring along: for the backend that takes them, and for no other. */
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { BEDROCK_CREDENTIALS, startBedrock } from "../support/standins/bedrock/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

const TENANT_KEY = "sk-of-a-tenant";
const GPT = "modelNameOverride: gpt-4o-mini";
const CLAUDE = 'modelNameOverride: "us.anthropic.claude-sonnet-4-5-20250929-v1:0"';

let first: StandIn;
let second: StandIn;
let bedrock: StandIn;
let gateway: TestGateway;

beforeAll(async () => {
  [first, second, bedrock] = await Promise.all([
    startOpenAi({ apiKey: TENANT_KEY }),
    startOpenAi(),
    startBedrock(),
  ]);
  const key = { type: "APIKey", value: TENANT_KEY } as const;
  const { accessKeyId: id } = BEDROCK_CREDENTIALS;
  const override = (text: string) => `credentialOverride: {fromRequestHeaders: {${text}}}`;
  gateway = await startTestGateway(
    documents(
      gatewayResource(),
      routeResource([
        { model: "either", backends: `[{name: either, ${GPT}}]` },
        { model: "own", backends: `[{name: own, ${GPT}}]` },
        {
          model: "two",
          backends: `[{name: own, ${GPT}}, {name: configured, priority: 1, ${GPT}}]`,
        },
        { model: "signed", backends: `[{name: signed, ${CLAUDE}}]` },
        {
          model: "signed-or-not",
          backends: `[{name: signed, ${CLAUDE}}, {name: configured, priority: 1, ${GPT}}]`,
        },
        { model: "signed-either", backends: `[{name: signed-either, ${CLAUDE}}]` },
      ]),
      backendResource("either", { port: first.port, key, override: override("") }),
      backendResource("own", {
        port: first.port,
        key,
        override: override("header: X-Tenant-Key, fallbackToConfigured: false"),
      }),
      backendResource("configured", {
        port: second.port,
        key: { type: "APIKey", value: OPENAI_KEY },
      }),
      backendResource("signed", {
        schema: "AWSBedrock",
        port: bedrock.port,
        key: { type: "aws", id: "AKIAOTHER", secret: "other" },
        override: override("fallbackToConfigured: false"),
      }),
      backendResource("signed-either", {
        schema: "AWSBedrock",
        port: bedrock.port,
        key: { type: "aws", id, secret: BEDROCK_CREDENTIALS.secretAccessKey },
        override: override(""),
      }),
    ),
  );
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([first, second, bedrock].map((standIn) => standIn?.close()));
});

async function chat(
  model: string,
  headers: Record<string, string> = {},
  stream = false,
): Promise<{ status: number; body: string }> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: "Bearer of-the-client", ...headers },
    body: JSON.stringify({ model, stream, messages: [{ role: "user", content: "hello" }] }),
  });
  return { status: response.status, body: await response.text() };
}

const keys = {
  "x-aigw-aws-access-key-id": BEDROCK_CREDENTIALS.accessKeyId,
  "x-aigw-aws-secret-access-key": BEDROCK_CREDENTIALS.secretAccessKey,
};
const forged = { "x-ai-eg-credential": TENANT_KEY, "x-ai-eg-signed": "true" };

test("the request's own key counts, the configured one serves where there is none", async () => {
  expect((await chat("either", { "x-aigw-api-key": "sk-wrong" })).status).toBe(401);
  expect(first.requests.at(-1)?.headers.authorization).toBe("Bearer sk-wrong");
  expect((await chat("either", { "x-aigw-api-key": TENANT_KEY })).status).toBe(200);
  expect(first.requests.at(-1)?.headers["x-aigw-api-key"]).toBeUndefined();
  expect((await chat("either", { "x-aigw-api-key": "" })).status).toBe(200);
  expect((await chat("either")).status).toBe(200);
});

test("where nothing else serves, a request without a key is refused in the client's shape", async () => {
  expect((await chat("own", { "x-tenant-key": TENANT_KEY })).status).toBe(200);
  const before = first.requests.length;
  const { status, body } = await chat("own", forged);
  expect([status, JSON.parse(body)]).toMatchObject([
    401,
    { error: { type: "authentication_error", message: expect.stringContaining("credential") } },
  ]);
  expect(first.requests.length).toBe(before);
});

test("the next backend gets its own key, and not what was brought for the first", async () => {
  first.fail({ kind: "status", status: 500 });
  expect((await chat("two", { "x-tenant-key": TENANT_KEY })).status).toBe(200);
  const got = second.requests.at(-1);
  expect(got?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
  expect(JSON.stringify(got?.headers)).not.toContain(TENANT_KEY);
});

test("requests are signed with the keys that they bring, and no key goes on", async () => {
  for (const stream of [false, true]) {
    expect((await chat("signed", keys, stream)).status).toBe(200);
    const sent = JSON.stringify(bedrock.requests.at(-1)?.headers);
    expect(sent).not.toContain(BEDROCK_CREDENTIALS.secretAccessKey);
    expect(sent).not.toMatch(/x-aigw|x-ai-eg-(credential|signed)|of-the-client/);
  }
  expect((await chat("signed-either", keys)).status).toBe(200);
  expect((await chat("signed-either")).status).toBe(200);
  expect(
    (await chat("signed-either", { ...keys, "x-aigw-aws-access-key-id": "AKIAWRONG" })).status,
  ).toBe(403);
});

test("keys that are not complete are refused, as are none where none are configured", async () => {
  const { "x-aigw-aws-access-key-id": id } = keys;
  for (const model of ["signed", "signed-either"]) {
    const { status, body } = await chat(model, { "x-aigw-aws-access-key-id": id });
    expect([status, body]).toEqual([401, expect.stringContaining("no secret access key")]);
  }
  expect((await chat("signed")).status).toBe(401);
  expect((await chat("signed", forged)).status).toBe(401);
});

test("failover from a signed request takes neither keys nor signature along", async () => {
  bedrock.fail({ kind: "status", status: 500 });
  expect((await chat("signed-or-not", keys)).status).toBe(200);
  const got = second.requests.at(-1);
  expect(got?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
  expect(JSON.stringify(got?.headers)).not.toMatch(/aws|amz|x-ai-eg-(credential|signed)/);
});
