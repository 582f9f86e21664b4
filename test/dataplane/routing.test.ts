/** Routing on real Envoy: hostnames, weights, mutations, timeouts and what is tried next. */
import { request } from "node:http";
import { envoyVersions } from "../support/envoy.ts";
import { freePort, startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

describe.each(envoyVersions)("Envoy %s", (version) => {
  let first: StandIn;
  let second: StandIn;
  let gateway: TestGateway;

  beforeAll(async () => {
    [first, second] = await Promise.all([startOpenAi(), startOpenAi()]);
    const key = { type: "APIKey", value: OPENAI_KEY } as const;
    gateway = await startTestGateway(
      documents(
        gatewayResource(),
        routeResource([
          {
            model: "weighted",
            backends:
              "[{name: first, weight: 1, modelNameOverride: gpt-4o}, {name: second, weight: 3, modelNameOverride: gpt-4o}]",
          },
          {
            model: "no-weight",
            backends:
              "[{name: first, weight: 0, modelNameOverride: gpt-4o}, {name: second, modelNameOverride: gpt-4o}]",
          },
          {
            model: "mutated",
            backends:
              '[{name: first, modelNameOverride: gpt-4o, headerMutation: {set: [{name: x-team, value: "100%"}], remove: [x-secret]}, bodyMutation: {set: [{path: service_tier, value: flex}], remove: [user]}}]',
          },
          {
            model: "hesitant",
            backends:
              "[{name: first, modelNameOverride: gpt-4o}, {name: second, priority: 1, modelNameOverride: gpt-4o}]",
            more: "streamIdleTimeout: 300ms",
          },
          {
            model: "slow",
            backends: "[{name: first, modelNameOverride: gpt-4o}]",
            more: "timeouts: {request: 300ms}",
          },
          {
            model: "dead",
            backends:
              "[{name: nobody, modelNameOverride: gpt-4o}, {name: second, priority: 1, modelNameOverride: gpt-4o}]",
          },
          { model: "lonely", backends: "[{name: nobody, modelNameOverride: gpt-4o}]" },
        ]),
        routeResource(
          [
            { model: "weighted", backends: "[{name: second, modelNameOverride: gpt-4o}]" },
            { model: "theirs", backends: "[{name: second, modelNameOverride: gpt-4o}]" },
          ],
          "hostnames: [team.example.com]",
          "team",
        ),
        backendResource("first", { port: first.port, key }),
        backendResource("second", { port: second.port, key }),
        backendResource("nobody", { port: await freePort(), key }),
      ),
      { version },
    );
  });
  afterAll(async () => {
    await gateway?.close();
    await Promise.all([first, second].map((standIn) => standIn?.close()));
  });

  interface Reply {
    status: number;
    body: string;
  }

  /** `fetch` does not let a test name the host. */
  const send = (
    model: string,
    { headers = {}, ...more }: { headers?: Record<string, string>; [field: string]: unknown } = {},
    path = "/v1/chat/completions",
  ): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const method = path.endsWith("/models") ? "GET" : "POST";
      const call = request(`${gateway.url}${path}`, { method, headers }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      });
      call.on("error", reject);
      call.end(
        method === "GET"
          ? undefined
          : JSON.stringify({ model, messages: [{ role: "user", content: "hello" }], ...more }),
      );
    });

  test("weights share the load", async () => {
    const before = [first.requests.length, second.requests.length];
    await Promise.all(Array.from({ length: 120 }, () => send("weighted")));
    const got = [
      first.requests.length - (before[0] ?? 0),
      second.requests.length - (before[1] ?? 0),
    ];
    expect((got[0] ?? 0) + (got[1] ?? 0)).toBe(120);
    expect(got[0]).toBeGreaterThan(10);
    expect(got[1]).toBeGreaterThan(60);
  });

  test("a weight of zero gets nothing", async () => {
    const before = first.requests.length;
    for (let i = 0; i < 5; i++) expect((await send("no-weight")).status).toBe(200);
    expect(first.requests.length).toBe(before);
  });

  test("headers and body are mutated for the backend alone", async () => {
    const { status } = await send("mutated", { user: "u", headers: { "x-secret": "s" } });
    expect(status).toBe(200);
    const got = first.requests.at(-1);
    expect(got?.headers["x-team"]).toBe("100%");
    expect(got?.headers["x-secret"]).toBeUndefined();
    expect(JSON.parse(String(got?.body))).toEqual({
      model: "gpt-4o",
      messages: [{ role: "user", content: "hello" }],
      service_tier: "flex",
    });
  });

  test("a backend that says nothing for too long is left for the next", async () => {
    first.fail({ kind: "delay", ms: 2000 });
    const before = second.requests.length;
    expect((await send("hesitant", { stream: true })).status).toBe(200);
    expect(second.requests.length).toBe(before + 1);
  });

  test("a backend that nobody listens for is left for the next; without a next it is told", async () => {
    expect((await send("dead")).status).toBe(200);
    const { status, body } = await send("lonely");
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ error: { type: "server_error" } });
  });

  test("a request that takes too long ends in the client's shape", async () => {
    first.fail({ kind: "delay", ms: 2000 });
    const { status, body } = await send("slow");
    expect(status).toBe(504);
    expect(JSON.parse(body)).toMatchObject({ error: { type: "timeout_error" } });
  });

  test("a hostname has routes and models of its own, before those of everybody", async () => {
    const headers = { host: "team.example.com" };
    const before = first.requests.length;
    for (let i = 0; i < 8; i++) expect((await send("weighted", { headers })).status).toBe(200);
    expect(first.requests.length).toBe(before);
    expect((await send("theirs", { headers })).status).toBe(200);
    expect((await send("theirs")).status).toBe(404);

    const list = async (host: string): Promise<string[]> => {
      const { body } = await send("", { headers: { host } }, "/v1/models");
      return (JSON.parse(body) as { data: { id: string }[] }).data.map(({ id }) => id);
    };
    expect(await list("team.example.com")).toEqual(expect.arrayContaining(["theirs", "mutated"]));
    expect(await list("other.example.com")).not.toContain("theirs");
    const { body } = await send("", { headers }, "/anthropic/v1/models");
    expect(JSON.parse(body)).toMatchObject({ has_more: false, data: expect.any(Array) });
  });
});
