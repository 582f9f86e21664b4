import { foreignKinds, ownKinds, referencedKinds } from "../controller/kinds.ts";
import { snapshotKinds } from "../controller/snapshot/snapshot.ts";
import { envoyGatewayFields } from "./envoy-gateway.ts";
import { EXT_PROC, SIDECAR_SOCKET } from "./names.ts";
import type { Manifest } from "./options.ts";
import { runtimeManifests } from "./runtime.ts";
import { sidecarPatch } from "./sidecar.ts";

const image = "registry.example.com/envoy-ai-gateway@sha256:0";
const all = runtimeManifests({
  image,
  networkPolicies: true,
  extProc: { maxReplicas: 9, drainSeconds: 900 },
});
const of = (kind: string): Manifest[] => all.filter((object) => object.kind === kind);

interface Workload {
  replicas?: number;
  selector: { matchLabels: Record<string, string> };
  template: {
    metadata: { labels: Record<string, string> };
    spec: {
      serviceAccountName: string;
      automountServiceAccountToken?: boolean;
      securityContext: object;
      terminationGracePeriodSeconds: number;
      topologySpreadConstraints: object[];
      containers: {
        args: string[];
        securityContext: object;
        ports: { name: string; containerPort: number }[];
        lifecycle: { preStop: { sleep: { seconds: number } } };
        resources: object;
        startupProbe: object;
        livenessProbe: object;
        readinessProbe: object;
      }[];
    };
  };
}
const workloads = of("Deployment").map((object) => ({
  name: object.metadata.name,
  spec: object.spec as Workload,
}));
interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}
const rulesOf = (kind: string): Rule[] => of(kind).flatMap((role) => role.rules as Rule[]);

test.each(workloads)(
  "$name runs as nobody, changes nothing of its image, and says how it is",
  ({ spec }) => {
    const { spec: pod } = spec.template;
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532 });
    expect(pod.topologySpreadConstraints).toHaveLength(2);
    for (const container of pod.containers) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container).toHaveProperty("resources.limits.memory");
      for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"] as const) {
        expect(container[probe]).toHaveProperty("httpGet.port", "admin");
      }
    }
  },
);

test.each(workloads)(
  "$name is found by its Service and its disruption budget",
  ({ name, spec }) => {
    const { labels } = spec.template.metadata;
    const names = spec.template.spec.containers.flatMap(({ ports }) => ports.map((p) => p.name));
    const named = (kind: string) => of(kind).find(({ metadata }) => metadata.name === name);
    const service = named("Service")?.spec as {
      selector: object;
      ports: { targetPort: string; port: number }[];
    };
    expect(labels).toMatchObject(service.selector);
    expect(names).toEqual(
      expect.arrayContaining(service.ports.map(({ targetPort }) => targetPort)),
    );
    expect(labels).toMatchObject(spec.selector.matchLabels);
    expect(named("PodDisruptionBudget")?.spec).toMatchObject({
      maxUnavailable: 1,
      selector: spec.selector,
    });
  },
);

test("ext_proc's Pods wait for the longest answer, and leave the Service first", () => {
  const pod = workloads.find(({ name }) => name === EXT_PROC)?.spec.template.spec;
  const container = pod?.containers[0];
  expect(container?.args).toContain("--drain-timeout=900");
  const leave = container?.lifecycle.preStop.sleep.seconds ?? 0;
  expect(leave).toBeGreaterThan(0);
  expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(900 + leave);
});

test("ext_proc has no token; replicas are the autoscaler's where there is one", () => {
  const extProc = workloads.find(({ name }) => name === EXT_PROC)?.spec;
  expect(extProc?.template.spec.automountServiceAccountToken).toBe(false);
  expect(extProc).not.toHaveProperty("replicas");
  expect(of("HorizontalPodAutoscaler")[0]?.spec).toMatchObject({ minReplicas: 2, maxReplicas: 9 });
  const alone = runtimeManifests({ image }).find(
    ({ kind, metadata }) => kind === "Deployment" && metadata.name === EXT_PROC,
  );
  expect(alone?.spec).toHaveProperty("replicas", 2);
});

test("rights name kinds and verbs, never all; Secrets are written only where tokens are obtained", () => {
  const rules = [...rulesOf("ClusterRole"), ...rulesOf("Role")];
  for (const { apiGroups, resources, verbs } of rules) {
    expect([...apiGroups, ...resources, ...verbs]).not.toContain("*");
  }
  const secrets = rulesOf("ClusterRole").filter(({ resources }) => resources.includes("secrets"));
  expect(secrets.flatMap(({ verbs }) => verbs)).toEqual([
    "get",
    "list",
    "watch",
    "create",
    "patch",
  ]);
  const reader = runtimeManifests({ image, namespace: "ours", obtainsTokens: false });
  const rights = reader
    .filter(({ kind }) => kind === "ClusterRole")
    .flatMap(({ rules }) => rules as Rule[])
    .filter(({ resources }) => resources.includes("secrets"));
  expect(rights.flatMap(({ verbs }) => verbs)).toEqual(["get", "list", "watch"]);
  const written = rulesOf("Role").filter(({ verbs }) => !verbs.includes("create"));
  expect(written.every(({ resourceNames = [] }) => resourceNames.length > 0)).toBe(true);
});

test("Secrets are read in the namespaces that are named, and nowhere else", () => {
  const narrow = runtimeManifests({ image, namespace: "ours", secretNamespaces: ["a", "b"] });
  const readers = narrow
    .filter(({ rules }) =>
      (rules as Rule[] | undefined)?.some(
        ({ resources, verbs, resourceNames }) =>
          resources.includes("secrets") && verbs.includes("list") && resourceNames === undefined,
      ),
    )
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace}`);
  expect(readers).toEqual(["Role a", "Role b"]);
  const bindings = narrow.filter(
    ({ kind, roleRef }) =>
      kind === "RoleBinding" &&
      (roleRef as { name: string }).name === "ai-gateway-controller-secrets",
  );
  expect(bindings.map(({ metadata }) => metadata.namespace)).toEqual(["a", "b"]);
});

test("workloads are written only where Gateways may have an ext_proc of their own", () => {
  const of = (gatewayExtProc: boolean): string =>
    JSON.stringify(runtimeManifests({ image, gatewayExtProc }));
  for (const text of ["deployments", "--gateway-ext-proc="]) {
    expect(of(true)).toContain(text);
    expect(of(false)).not.toContain(text);
  }
});

test("every kind that the compiler reads is watched", () => {
  const watched = [...ownKinds, ...foreignKinds, ...referencedKinds].map(({ kind }) => kind);
  expect(watched.sort()).toEqual([...snapshotKinds].sort());
});

test("hooks see everything, over TLS on both sides, and close when they fail", () => {
  const { extensionManager } = envoyGatewayFields({ namespace: "ours" });
  expect(extensionManager.failOpen).toBe(false);
  expect(extensionManager.hooks.xdsTranslator.translation.secret).toEqual({ includeAll: true });
  expect(extensionManager.service).toMatchObject({
    fqdn: { hostname: "ai-gateway-controller.ours.svc.cluster.local" },
    tls: {
      certificateRef: { namespace: "ours" },
      clientCertificateRef: { namespace: "ours" },
    },
  });
});

test("beside Envoy, both containers see the socket", () => {
  const { initContainers, containers, volumes } = sidecarPatch({ image }).value.spec.template.spec;
  expect(initContainers[0]?.args).toContain(`--listen=unix://${SIDECAR_SOCKET}`);
  const mounts = [...initContainers, ...containers].map(({ volumeMounts }) => volumeMounts[0]);
  expect(mounts[0]).toEqual(mounts[1]);
  expect(volumes.map(({ name }) => name)).toContain(mounts[0]?.name);
});
