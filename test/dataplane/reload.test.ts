/** Changes of the configuration while requests run: none of them fails, and a bad change changes nothing. */
import { setTimeout as sleep } from "node:timers/promises";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

const OLD_KEY = "sk-old";
const NEW_KEY = "sk-new";

let old: StandIn;
let next: StandIn;
let gateway: TestGateway;

interface Config {
  key?: string;
  port?: number;
  host?: string;
  override?: string;
  more?: string;
}

const config = ({
  key = OLD_KEY,
  port = old.port,
  host,
  override = "gpt-4o",
  more = "",
}: Config): string =>
  documents(
    gatewayResource(),
    routeResource([
      { model: "m", backends: `[{name: a, modelNameOverride: ${override}}]` },
      ...(more === "" ? [] : [{ model: more, backends: "[{name: a, modelNameOverride: gpt-4o}]" }]),
    ]),
    backendResource("a", { port, key: { type: "APIKey", value: key }, ...(host ? { host } : {}) }),
  );

beforeAll(async () => {
  [old, next] = await Promise.all([
    startOpenAi({ apiKey: OLD_KEY }),
    startOpenAi({ apiKey: NEW_KEY }),
  ]);
  gateway = await startTestGateway(config({}));
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([old, next].map((standIn) => standIn?.close()));
});

const chat = async (model = "m"): Promise<number> => {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
  });
  await response.arrayBuffer();
  return response.status;
};

/** Runs changes while four clients keep asking; what was not 200. */
async function underLoad(changes: () => Promise<void>): Promise<{ asked: number; bad: unknown[] }> {
  let running = true;
  let asked = 0;
  const bad: unknown[] = [];
  const client = async (): Promise<void> => {
    while (running) {
      asked++;
      const status = await chat().catch((error: unknown) => String(error));
      if (status !== 200) bad.push(status);
    }
  };
  const clients = Array.from({ length: 4 }, client);
  await changes();
  await sleep(300);
  running = false;
  await Promise.all(clients);
  return { asked, bad };
}

test("overrides, routes and addresses change without a failed request", async () => {
  const { asked, bad } = await underLoad(async () => {
    for (const change of [
      { override: "gpt-4o-mini" },
      { more: "another" },
      { host: "localhost" },
      { port: next.port, key: NEW_KEY },
      { port: next.port, key: NEW_KEY, host: "localhost" },
      {},
    ]) {
      expect(await gateway.change(config(change))).toMatchObject({ ok: true });
      await sleep(100);
    }
  });
  expect(bad).toEqual([]);
  expect(asked).toBeGreaterThan(50);
  expect(next.requests.length).toBeGreaterThan(0);
});

test("what was added is served, what was removed is not", async () => {
  expect(await chat("added")).toBe(404);
  await gateway.change(config({ more: "added" }));
  expect(await chat("added")).toBe(200);
  await gateway.change(config({}));
  expect(await chat("added")).toBe(404);
});

test("a key is replaced without touching a cluster or a connection", async () => {
  const stat = async (name: string): Promise<string> =>
    (await gateway.envoy.adminGet(`/stats?filter=${name}`)).body;
  const names = "cluster_manager.cluster_modified|ai/default/route/rule/0.upstream_cx_destroy$";
  const before = await stat(names);
  await gateway.change(config({ key: NEW_KEY }));
  expect(await chat()).toBe(401);
  expect(old.requests.at(-1)?.headers.authorization).toBe(`Bearer ${NEW_KEY}`);
  await gateway.change(config({}));
  expect(await chat()).toBe(200);
  expect(await stat(names)).toBe(before);
});

test.each([
  ["YAML that is none", "kind: [", /config\.yaml:\d+/],
  ["a field of a wrong type", withReference("weight: heavy"), /weight/],
  ["a backend that does not exist", withReference("name: ghost"), /default\/ghost does not exist/],
])("%s: the last good configuration goes on, and what is bad is named", async (_, bad, problem) => {
  const outcome = await gateway.change(bad);
  expect(outcome.ok).toBe(false);
  expect(outcome.ok ? [] : outcome.errors).toContainEqual(expect.stringMatching(problem));
  expect(await chat()).toBe(200);
});

/** A configuration whose only backendRef has this field. */
function withReference(field: string): string {
  const ref = field.startsWith("name") ? `{${field}}` : `{name: a, ${field}}`;
  return documents(
    gatewayResource(),
    routeResource([{ model: "m", backends: `[${ref}]` }]),
    backendResource("a", { port: 1 }),
  );
}
