import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Pod } from "./pod.ts";
import { withLocalPaths } from "./runner.ts";
import { filesOf, layOut } from "./volumes.ts";

const folder = mkdtempSync(path.join(tmpdir(), "volumes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const files = (entries: Record<string, string>): Map<string, Buffer> =>
  new Map(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)]));
const visible = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.startsWith(".."))
      .map((name) => [name, readFileSync(path.join(folder, name), "utf8")]),
  );

test("files change together, and only when they changed", async () => {
  expect(await layOut(folder, files({ a: "1", b: "1" }))).toBe(true);
  expect(visible()).toEqual({ a: "1", b: "1" });
  expect(await layOut(folder, files({ b: "1", a: "1" }))).toBe(false);
  expect(await layOut(folder, files({ a: "2", c: "2" }))).toBe(true);
  expect(visible()).toEqual({ a: "2", c: "2" });
  expect(readdirSync(folder).filter((name) => name.startsWith(".."))).toHaveLength(2);
});

test("a projected volume is made of all its sources", async () => {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "n", uid: "u" },
    spec: { containers: [] },
  };
  const found = await filesOf(
    {
      name: "v",
      projected: {
        sources: [
          { secret: { name: "s", items: [{ key: "k", path: "deep/key" }] } },
          { configMap: { name: "none", optional: true } },
          { downwardAPI: { items: [{ path: "me", fieldRef: { fieldPath: "metadata.name" } }] } },
          { serviceAccountToken: { path: "token", audience: "sts", expirationSeconds: 900 } },
        ],
      },
    },
    {
      pod,
      address: "127.18.0.2",
      references: {
        secret: () => ({
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "s" },
          data: { k: "eA==", other: "eQ==" },
        }),
        configMap: () => undefined,
      },
      token: async (audience, seconds) => `${audience} ${seconds}`,
    },
  );
  const text = [...(found ?? [])].map(([name, content]) => [name, content.toString()]);
  expect(Object.fromEntries(text)).toEqual({ "deep/key": "x", me: "p", token: "sts 900" });
});

test("paths below mount points become local, others stay", () => {
  const mounts = [
    { mountPath: "/certs", local: "/pod/certs" },
    { mountPath: "/certs/more/", local: "/pod/more" },
  ];
  const local = (text: string): string => withLocalPaths(text, mounts);
  expect(local("--cert=/certs/tls.crt")).toBe("--cert=/pod/certs/tls.crt");
  expect(local("/certs/more/x,/certs")).toBe("/pod/more/x,/pod/certs");
  expect(local('{"path": "/certs/a"}')).toBe('{"path": "/pod/certs/a"}');
  expect(local("/etc/ssl/certs/ca.crt /certsx")).toBe("/etc/ssl/certs/ca.crt /certsx");
  expect(local("unix:///certs/a.sock")).toBe("unix:///pod/certs/a.sock");
});
