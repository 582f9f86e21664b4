import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { built } from "./go-build.ts";
import { binaryOf, etcd } from "./tools.ts";

const home = mkdtempSync(path.join(tmpdir(), "cache-"));
afterAll(() => rmSync(home, { recursive: true }));

test("binaries are kept outside the checkout, by version", () => {
  expect(binaryOf(etcd, { HOME: "/home/a" })).toBe(
    "/home/a/.cache/envoy-ai-gateway/etcd/3.7.3/etcd",
  );
  expect(binaryOf(etcd, { HOME: "/home/a", XDG_CACHE_HOME: "/cache" })).toBe(
    "/cache/envoy-ai-gateway/etcd/3.7.3/etcd",
  );
});

test("where Go is missing, it is named", async () => {
  const env = { HOME: home, PATH: home };
  await expect(built(etcd, () => {}, env)).rejects.toThrow(
    /etcd 3\.7\.3 .*needs Go 1\.26.*there is none/,
  );
});
