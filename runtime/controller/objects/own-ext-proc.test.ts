import { backend, gateway, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import { desiredObjects } from "./desired.ts";
import type { KubeObject } from "./kube-object.ts";

describe("a Gateway whose config changes ext_proc", () => {
  const labels = { "app.kubernetes.io/name": "ai-eg-ext-proc" };
  const metadata = { name: "ai-eg-ext-proc", namespace: "system", labels };
  const common: KubeObject[] = [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: "ai-eg-ext-proc",
            containers: [
              {
                name: "ext-proc",
                image: "registry.example.com:5000/ai/runtime:v1@sha256:ab12",
                env: [
                  { name: "POD_IP", valueFrom: {} },
                  { name: "A", value: "common" },
                ],
                resources: { requests: { cpu: "1" } },
                securityContext: { runAsNonRoot: true },
              },
            ],
          },
        },
      },
    },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels } },
  ];
  const own = (settings: string, name = "gw"): KubeObject[] => {
    const text = gateway
      .replace("spec: {}", `spec: {extProc: {kubernetes: {${settings}}}}`)
      .replace("{name: gw,", `{name: ${name}, uid: u-7,`);
    const parents = route("[{backendRefs: [{name: a}]}]").replace("name: gw", `name: ${name}`);
    const input = snapshot(text, backend("a"), parents);
    const all = desiredObjects(input, compile(input), { rootPrefix: "/", extProc: common });
    return all.filter(({ kind }) => kind === "Deployment" || kind === "Service");
  };

  test("has one of its own, in its namespace, that goes with it", () => {
    const [deployment, service] = own("env: [{name: A, value: b}, {name: C, value: d}]");
    const label = { "app.kubernetes.io/name": "ai-eg-ext-proc-gw" };
    expect(deployment?.metadata).toMatchObject({
      name: "ai-eg-ext-proc-gw",
      namespace: "default",
      labels: { ...label, "app.kubernetes.io/managed-by": "envoy-ai-gateway" },
      ownerReferences: [{ kind: "Gateway", name: "gw", uid: "u-7" }],
    });
    expect(deployment?.spec).toEqual({
      selector: { matchLabels: label },
      template: {
        metadata: { labels: label },
        spec: {
          serviceAccountName: "ai-eg-ext-proc-gw",
          containers: [
            {
              name: "ext-proc",
              image: "registry.example.com:5000/ai/runtime:v1@sha256:ab12",
              env: [
                { name: "POD_IP", valueFrom: {} },
                { name: "A", value: "b" },
                { name: "C", value: "d" },
              ],
              resources: { requests: { cpu: "1" } },
              securityContext: { runAsNonRoot: true },
            },
          ],
        },
      },
    });
    expect(service?.spec).toEqual({ selector: label });
  });

  test.each([
    ["image: other/image:v2", { image: "other/image:v2" }],
    ["imageRepository: other/image", { image: "other/image:v1@sha256:ab12" }],
    ["resources: {limits: {memory: 1Gi}}", { resources: { limits: { memory: "1Gi" } } }],
    ["securityContext: {runAsUser: 1}", { securityContext: { runAsNonRoot: true, runAsUser: 1 } }],
  ])("%s", (settings, expected) => {
    const [deployment] = own(settings);
    expect(deployment?.spec).toMatchObject({ template: { spec: { containers: [expected] } } });
  });

  test("has it under a name that a Service can have", () => {
    const [deployment] = own("env: []", `long.${"n".repeat(80)}`);
    expect(deployment?.metadata.name).toMatch(/^ai-eg-ext-proc-long-n+-[0-9a-f]{12}$/);
    expect(deployment?.metadata.name).toHaveLength(63);
  });

  test("no other Gateway has one", () => {
    const input = snapshot(gateway, backend("a"), route("[{backendRefs: [{name: a}]}]"));
    const all = desiredObjects(input, compile(input), { rootPrefix: "/", extProc: common });
    expect(all.filter(({ kind }) => kind === "Deployment")).toEqual([]);
  });
});
