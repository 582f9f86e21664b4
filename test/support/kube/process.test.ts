import { freePorts, Server } from "./process.ts";

const script = (text: string): Server => new Server("server", process.execPath, ["-e", text]);

test("a server that ends before it is ready is reported with its last words", async () => {
  const server = script('console.error("no such flag"); process.exit(3)');
  await expect(server.until(async () => false, 10_000)).rejects.toThrow(
    /server ended \(exit 3\) before it was ready:\nno such flag/,
  );
  await server.stop();
});

test("a server that is never ready is reported after its time", async () => {
  const server = script("setInterval(() => {}, 1000)");
  await expect(server.until(async () => false, 200)).rejects.toThrow(/not ready within 200 ms/);
  await server.stop();
});

test("a binary that does not exist is reported", async () => {
  const server = new Server("server", "/nonexistent", []);
  await expect(server.until(async () => false, 10_000)).rejects.toThrow(/ENOENT|No such file/);
  await server.stop();
});

test("free ports differ", async () => {
  const ports = await freePorts(4);
  expect(new Set(ports).size).toBe(4);
});
