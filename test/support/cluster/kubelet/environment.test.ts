import type { KubeObject } from "../../kube/client.ts";
import { environmentOf, expand, NotThereYet, type References } from "./environment.ts";
import type { Container, Pod } from "./pod.ts";

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "n", uid: "u", labels: { app: "x" } },
  spec: { containers: [] },
};
const object = (kind: string, fields: object): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "s", namespace: "n" },
  ...fields,
});
const references: References = {
  secret: (_, name) => (name === "s" ? object("Secret", { data: { key: "c2VjcmV0" } }) : undefined),
  configMap: (_, name) =>
    name === "s" ? object("ConfigMap", { data: { A: "1", B: "2" } }) : undefined,
};
const envOf = (container: Partial<Container>): Record<string, string> =>
  environmentOf({ name: "c", image: "i", ...container }, pod, "127.18.0.2", references);

test("values come from fields, resources, Secrets and ConfigMaps", () => {
  expect(
    envOf({
      resources: { limits: { cpu: "1500m", memory: "64Mi" } },
      envFrom: [{ prefix: "C_", configMapRef: { name: "s" } }],
      env: [
        { name: "PLAIN", value: "v" },
        { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "APP", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
        { name: "MEMORY", valueFrom: { resourceFieldRef: { resource: "limits.memory" } } },
        { name: "KEY", valueFrom: { secretKeyRef: { name: "s", key: "key" } } },
        { name: "NONE", valueFrom: { secretKeyRef: { name: "x", key: "k", optional: true } } },
        { name: "URL", value: "http://$(IP):80/$(UNKNOWN)" },
      ],
    }),
  ).toEqual({
    C_A: "1",
    C_B: "2",
    PLAIN: "v",
    IP: "127.18.0.2",
    APP: "x",
    CPU: "2",
    MEMORY: String(64 * 1024 ** 2),
    KEY: "secret",
    URL: "http://127.18.0.2:80/$(UNKNOWN)",
  });
});

test("what is missing is waited for, and named", () => {
  const env = [{ name: "K", valueFrom: { secretKeyRef: { name: "none", key: "k" } } }];
  expect(() => envOf({ env })).toThrow(NotThereYet);
  expect(() => envOf({ env })).toThrow("secret n/none is not there");
  const other = [{ name: "K", valueFrom: { configMapKeyRef: { name: "s", key: "k" } } }];
  expect(() => envOf({ env: other })).toThrow("configMap s has no key k");
});

test("an escaped variable stays as text", () => {
  expect(expand("$$(A) $(A) $(B)", { A: "1" })).toBe("$(A) 1 $(B)");
});
