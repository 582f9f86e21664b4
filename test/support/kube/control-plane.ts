import { generateKeyPairSync, randomBytes } from "node:crypto";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { KubeClient } from "./client.ts";
import { freePorts, Server } from "./process.ts";
import { binaryOf, etcd, kubeApiserver, kubeControllerManager, type Tool } from "./tools.ts";

const HOST = "127.0.0.1";
const READY_WITHIN_MS = 60_000;

/** A real API server with its store, as local processes. */
export interface ControlPlane {
  client: KubeClient;
  /** File for programs that take one, such as kubectl; may do everything. */
  kubeconfig: string;
  /** Content of such a file for another bearer's token. */
  kubeconfigOf: (token: string) => string;
  /** Kills the API server, or starts it again where it was, with all that its store has. */
  setApiServer(up: boolean): Promise<void>;
  /** Ends all processes and removes what they wrote. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Controllers that kube-controller-manager runs; it is not started where left out. */
  controllers?: readonly string[];
  /** What is to be there before controllers look. */
  prepare?: (client: KubeClient) => Promise<void>;
  /** Whose requests are written down, and into which file: an audit event a line. */
  audit?: { users: readonly string[]; file: string };
}

/**
 * Starts etcd and kube-apiserver on ports of their own; ready in a few seconds.
 *
 * @throws where they are not built yet (test/support/kube/build.ts builds them) or do not start.
 */
export async function startControlPlane({
  controllers,
  prepare,
  audit,
}: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const [etcdBinary, apiserverBinary] = await Promise.all([etcd, kubeApiserver].map(requireBinary));
  const folder = await mkdtemp(path.join(tmpdir(), "kube-"));
  const started: Pick<Server, "stop">[] = [];
  const stop = async (): Promise<void> => {
    // The API server first: it complains about a store that is gone.
    for (const server of started.reverse()) await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [storePort = 0, peerPort = 0, port = 0] = await freePorts(3);
    const token = randomBytes(24).toString("hex");
    started.push(startEtcd(etcdBinary ?? "", folder, storePort, peerPort));
    const startServer = await prepareApiserver(apiserverBinary ?? "", {
      folder,
      storePort,
      port,
      token,
      audit,
    });
    let apiserver = startServer();
    started.push({ stop: () => apiserver.stop() });
    const certificate = path.join(folder, "apiserver.crt");
    await apiserver.until(() => exists(certificate), READY_WITHIN_MS);
    const ca = await readFile(certificate, "utf8");
    const client = new KubeClient({ host: HOST, port, token, ca });
    const untilReady = (): Promise<void> =>
      apiserver.until(
        async () => (await client.raw("GET", "/readyz")).status === 200,
        READY_WITHIN_MS,
      );
    await untilReady();
    const kubeconfig = path.join(folder, "kubeconfig");
    await writeFile(kubeconfig, kubeconfigOf(port, token, ca));
    await prepare?.(client);
    if (controllers !== undefined) {
      started.push(await startControllers(controllers, kubeconfig));
    }
    return {
      client,
      kubeconfig,
      kubeconfigOf: (other) => kubeconfigOf(port, other, ca),
      async setApiServer(up) {
        if (!up) return apiserver.kill();
        apiserver = startServer();
        await untilReady();
      },
      stop: async () => {
        client.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startEtcd(binary: string, folder: string, port: number, peerPort: number): Server {
  const client = `http://${HOST}:${port}`;
  const peer = `http://${HOST}:${peerPort}`;
  return new Server(etcd.name, binary, [
    `--data-dir=${path.join(folder, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // What is lost with the machine is a test.
    "--unsafe-no-fsync",
    "--log-level=error",
  ]);
}

interface ApiserverOptions {
  folder: string;
  storePort: number;
  port: number;
  token: string;
  audit: ControlPlaneOptions["audit"] | undefined;
}

async function prepareApiserver(
  binary: string,
  { folder, storePort, port, token, audit }: ApiserverOptions,
): Promise<() => Server> {
  const key = path.join(folder, "service-accounts.key");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(key, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  const tokens = path.join(folder, "tokens.csv");
  await writeFile(tokens, `${token},tests,tests,system:masters\n`, { mode: 0o600 });
  const args = [
    `--etcd-servers=http://${HOST}:${storePort}`,
    `--bind-address=${HOST}`,
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${tokens}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    // Nothing here makes service accounts, and pods are not wanted.
    "--disable-admission-plugins=ServiceAccount",
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=10.0.0.0/24",
    ...(audit === undefined ? [] : await auditArguments(folder, audit)),
  ];
  return () => new Server(kubeApiserver.name, binary, args);
}

async function auditArguments(
  folder: string,
  { users, file }: NonNullable<ControlPlaneOptions["audit"]>,
): Promise<string[]> {
  const policy = path.join(folder, "audit-policy.json");
  const rules = [{ level: "Metadata", users }, { level: "None" }];
  await writeFile(
    policy,
    JSON.stringify({
      apiVersion: "audit.k8s.io/v1",
      kind: "Policy",
      // Watches end late: that they were let in is told at their start.
      omitStages: ["RequestReceived"],
      rules,
    }),
  );
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${file}`];
}

async function startControllers(
  controllers: readonly string[],
  kubeconfig: string,
): Promise<Server> {
  return new Server(kubeControllerManager.name, await requireBinary(kubeControllerManager), [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${controllers.join(",")}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ]);
}

const kubeconfigOf = (port: number, token: string, ca: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "tests",
    clusters: [
      {
        name: "tests",
        cluster: {
          server: `https://${HOST}:${port}`,
          "certificate-authority-data": Buffer.from(ca).toString("base64"),
        },
      },
    ],
    users: [{ name: "tests", user: { token } }],
    contexts: [{ name: "tests", context: { cluster: "tests", user: "tests" } }],
  });

/** @throws where it is not built yet. */
export async function requireBinary(tool: Tool): Promise<string> {
  const binary = binaryOf(tool);
  if (await exists(binary)) return binary;
  throw new Error(
    `${tool.name} ${tool.version} is not built yet; \`npm run test:cluster\` builds it, or node test/support/kube/build.ts`,
  );
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
