import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { createKubeHttp, type KubeHttp } from "./http.ts";
import { type KubeItem, type Reflector, startReflector } from "./reflector.ts";

/** An API server that says what a test wants: lists and watches of one kind. */
async function script(answer: (url: URL, response: ServerResponse) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://api");
    asked.push(`${url.pathname}${url.searchParams.get("watch") ? " watch" : ""}`);
    answer(url, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const config = new KubeConfig();
  const { port } = server.address() as AddressInfo;
  config.loadFromClusterAndUser(
    { name: "fake", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: "me" },
  );
  const http = createKubeHttp(config);
  return {
    http,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        http.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const item = (name: string, version: string): KubeItem => ({
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name, namespace: "default", resourceVersion: version },
});
const list = (version: string, ...items: KubeItem[]) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "ThingList",
    metadata: { resourceVersion: version },
    items: items.map(({ metadata }) => ({ metadata })),
  });
const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const DISCOVERY = JSON.stringify({ resources: [{ name: "things" }] });

function follow(http: KubeHttp): { seen: string[]; reflector: Reflector } {
  const seen: string[] = [];
  const names = (items: KubeItem[]): string =>
    items.map(({ kind, metadata }) => `${kind}/${metadata.name}`).join();
  const reflector = startReflector(
    http,
    { roots: ["/apis/old/v1", "/api/v1"], plural: "things" },
    {
      replaced: (items) => void seen.push(`all ${names(items)}`),
      changed: (one) => void seen.push(`set ${names([one])}`),
      removed: (one) => void seen.push(`del ${names([one])}`),
      absent: () => void seen.push("absent"),
      failed: () => void seen.push("failed"),
    },
  );
  return { seen, reflector };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 8_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("did not come true");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test("lists, watches, and goes on from where a watch ended", async () => {
  const from: (string | null)[] = [];
  const api = await script((url, response) => {
    if (url.pathname === "/apis/old/v1") return void response.writeHead(404).end("{}");
    if (url.pathname === "/api/v1") return void response.end(DISCOVERY);
    if (!url.searchParams.has("watch")) return void response.end(list("5", item("a", "4")));
    from.push(url.searchParams.get("resourceVersion"));
    if (from.length === 1) {
      response.write(event("ADDED", item("b", "6")));
      response.write(event("DELETED", item("a", "7")));
      response.end(event("BOOKMARK", item("", "9")));
    } else response.write(event("MODIFIED", item("b", "10")));
  });
  const { seen, reflector } = follow(api.http);
  await until(() => seen.length === 4);
  expect(seen).toEqual(["all Thing/a", "set Thing/b", "del Thing/a", "set Thing/b"]);
  expect(from).toEqual(["5", "9"]);
  reflector.stop();
  await api.close();
});

test.each([
  ["an answer", (response: ServerResponse) => response.writeHead(410).end('{"code":410}')],
  [
    "an event",
    (response: ServerResponse) => response.end(event("ERROR", { code: 410, reason: "Expired" })),
  ],
])("a version that is too old, told in %s, leads to a new list", async (_, expire) => {
  let lists = 0;
  let watches = 0;
  const api = await script((url, response) => {
    if (url.pathname.endsWith("/v1")) return void response.end(DISCOVERY);
    if (!url.searchParams.has("watch")) {
      lists += 1;
      return void response.end(list(String(lists), item(`n${lists}`, "1")));
    }
    watches += 1;
    if (watches === 1) expire(response);
    else response.write(event("BOOKMARK", item("", "3")));
  });
  const { seen, reflector } = follow(api.http);
  await until(() => seen.includes("all Thing/n2"));
  expect(seen).toEqual(["all Thing/n1", "all Thing/n2"]);
  reflector.stop();
  await api.close();
});

test("an error, a broken connection and nonsense are all survived", async () => {
  let step = 0;
  const api = await script((url, response) => {
    if (url.pathname.endsWith("/v1")) return void response.end(DISCOVERY);
    if (!url.searchParams.has("watch")) return void response.end(list("1"));
    step += 1;
    if (step === 1) response.writeHead(500).end("oops");
    else if (step === 2) response.write("not json\n");
    else if (step === 3) {
      response.write(event("ADDED", item("half", "2")));
      setTimeout(() => response.destroy(), 5);
    } else response.write(event("ADDED", item("whole", "3")));
  });
  const { seen, reflector } = follow(api.http);
  await until(() => seen.includes("set Thing/whole"));
  expect(seen).toContain("failed");
  expect(seen).toContain("set Thing/half");
  expect(seen.filter((line) => line.startsWith("all"))).toHaveLength(1);
  reflector.stop();
  await api.close();
});

test("a kind that is not installed is told of", async () => {
  const api = await script((_, response) => void response.writeHead(404).end("{}"));
  const { seen, reflector } = follow(api.http);
  await until(() => seen.includes("absent"));
  reflector.stop();
  await api.close();
});

test("an API server that refuses every watch is asked less and less", async () => {
  let watches = 0;
  const api = await script((url, response) => {
    if (url.pathname.endsWith("/v1")) return void response.end(DISCOVERY);
    if (!url.searchParams.has("watch")) return void response.end(list("1"));
    watches += 1;
    response.writeHead(500).end("oops");
  });
  const { reflector } = follow(api.http);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(watches).toBeLessThan(8);
  reflector.stop();
  await api.close();
});
