import { type AdminServer, startAdmin } from "./admin.ts";

let admin: AdminServer;
let ready = false;
beforeEach(async () => {
  admin = await startAdmin({
    host: "127.0.0.1",
    port: 0,
    metrics: async () => "requests 1\n",
    ready: async () => ready,
  });
});
afterEach(() => admin.close());

const status = async (path: string): Promise<number> => (await fetch(`${admin.url}${path}`)).status;

test.each(["/health", "/healthz"])("%s says that the process answers", async (path) => {
  expect(await status(path)).toBe(200);
});

test.each(["/ready", "/readyz"])("%s says whether it does its work", async (path) => {
  ready = false;
  expect(await status(path)).toBe(503);
  ready = true;
  expect(await status(path)).toBe(200);
});

test("metrics are text, and other paths say what there is", async () => {
  expect(await (await fetch(`${admin.url}/metrics`)).text()).toBe("requests 1\n");
  expect(await status("/")).toBe(404);
});
