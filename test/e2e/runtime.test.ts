/** The deployable runtime, as far as it stands alone. */
import { ADMIN_PORT, EXT_PROC, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import { selectorOf } from "../../runtime/manifests/options.ts";
import { runtimeManifests } from "../../runtime/manifests/runtime.ts";
import { localAddressOf } from "../support/cluster/cluster.ts";
import { clusterForAll, eventually } from "./cluster.ts";

jest.setTimeout(90_000);
const cluster = clusterForAll(() => ({ envoyGateway: false }));

const options = {
  image: "envoy-ai-gateway:e2e",
  extProc: { maxReplicas: 3, drainSeconds: 5, logLevel: "warn" },
  networkPolicies: true,
} as const;

const readyPods = () => cluster().readyPods(SYSTEM_NAMESPACE, selectorOf(EXT_PROC));

test("the API server takes every manifest without a warning", async () => {
  const [namespace, ...rest] = runtimeManifests(options);
  const first = await cluster().client.apply(namespace as (typeof rest)[0]);
  expect(first.warnings).toEqual([]);
  for (const object of rest) {
    const { warnings } = await cluster().client.apply(object, { dryRun: true });
    expect(warnings).toEqual([]);
  }
});

test("ext_proc's Pods pass the restricted profile, become ready and roll", async () => {
  const objects = runtimeManifests({ ...options, extProc: { drainSeconds: 5 } }).filter(
    ({ metadata }) => metadata.name === EXT_PROC,
  );
  await cluster().apply(objects);
  const before = await eventually(async () => {
    const pods = await readyPods();
    expect(pods).toHaveLength(2);
    return pods.map(({ metadata }) => metadata.name);
  });
  const [pod] = await readyPods();
  const metrics = await fetch(`http://${localAddressOf(pod)}:${ADMIN_PORT}/metrics`);
  expect(metrics.status).toBe(200);

  const changed = runtimeManifests({ ...options, extProc: { drainSeconds: 6 } }).filter(
    ({ kind, metadata }) => kind === "Deployment" && metadata.name === EXT_PROC,
  );
  await cluster().apply(changed);
  await eventually(async () => {
    const after = (await readyPods()).map(({ metadata }) => metadata.name);
    expect(after).toHaveLength(2);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
  });
});
