import { Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { DEFAULT_PREFIXES, type Prefixes, parsePrefixes } from "../endpoints/prefixes.ts";
import {
  ACCOUNTING_PORT,
  ADMIN_PORT,
  CONTROLLER,
  EXT_PROC,
  EXT_PROC_PORT,
  EXTENSION_PORT,
  SYSTEM_NAMESPACE,
  serviceHost,
} from "../manifests/names.ts";
import type { ExtProcSettings, ExtProcTemplate } from "../manifests/options.ts";

/** How a controller process is to run. */
export interface Settings {
  logLevel: "debug" | "info" | "warn" | "error";
  /** File; undefined: KUBECONFIG, or the pod's own service account. */
  kubeconfig: string | undefined;
  /** Where its Lease and Secrets are. */
  namespace: string;
  podName: string | undefined;
  leaderElection: boolean;
  adminHost: string;
  adminPort: number;
  extensionHost: string;
  extensionPort: number;
  /** Host names under which Envoy Gateway reaches the extension server. */
  extensionNames: string[];
  prefixes: Prefixes;
  /** Host name of ext_proc's headless Service, and its ports. */
  extProc: { host: string; port: number; accountingPort: number };
  /** From which a Gateway's own ext_proc is made; undefined: none has one. */
  gatewayExtProc: ExtProcTemplate | undefined;
  bufferBytes: number;
}

const MIB = 1024 * 1024;

/**
 * From the command line, or else the environment. Ends the process with a message where an option is
 * wrong, and for `--help`.
 */
export function readSettings(argv: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const program = new Command("ai-gateway-controller")
    .description(
      "Watches AI gateway resources, writes the Gateway API objects they stand for, and edits Envoy Gateway's xDS.",
    )
    .addOption(
      new Option("--log-level <level>", "what to log")
        .choices(["debug", "info", "warn", "error"])
        .env("LOG_LEVEL")
        .default("info"),
    )
    .option("--kubeconfig <file>", "cluster to serve; absent: KUBECONFIG, or this pod's own")
    .addOption(
      new Option("--namespace <name>", "namespace of the Lease and of the extension's certificates")
        .env("POD_NAMESPACE")
        .default(SYSTEM_NAMESPACE),
    )
    .option("--no-leader-election", "write at once; for a single replica")
    .option("--admin-host <address>", "address of /metrics, /health and /ready", "0.0.0.0")
    .option("--admin-port <port>", "port of /metrics, /health and /ready", port, ADMIN_PORT)
    .option("--extension-host <address>", "address of the extension server", "0.0.0.0")
    .option("--extension-port <port>", "port of the extension server", port, EXTENSION_PORT)
    .option(
      "--extension-names <names>",
      "host names in the extension's certificate, separated by commas; absent: its Service's",
    )
    .option("--endpoint-prefixes <list>", "where families of paths stand", parsePrefixes)
    .option("--root-prefix <path>", "before every path", "/")
    .option("--ext-proc-host <name>", "host name of ext_proc; absent: its Service's")
    .option("--ext-proc-port <port>", "ext_proc's port", port, EXT_PROC_PORT)
    .option(
      "--accounting-port <port>",
      "port of the accounting server beside it",
      port,
      ACCOUNTING_PORT,
    )
    .option(
      "--gateway-ext-proc <json>",
      "settings (imagePullSecrets, labels, extProc) of the ext_procs that Gateways may have to themselves; absent: none may",
      extProcSettings,
    )
    .addOption(new Option("--ext-proc-image <image>", "their image").env("EXT_PROC_IMAGE"))
    .option("--buffer-mib <n>", "largest request body", mebibytes, 32)
    .showHelpAfterError("(--help shows what there is)")
    .parse([...argv]);
  const options = program.opts<Options>();
  const { namespace } = options;
  return {
    logLevel: options.logLevel,
    kubeconfig: options.kubeconfig,
    namespace,
    podName: env.POD_NAME,
    leaderElection: options.leaderElection,
    adminHost: options.adminHost,
    adminPort: options.adminPort,
    extensionHost: options.extensionHost,
    extensionPort: options.extensionPort,
    extensionNames: options.extensionNames?.split(",") ?? serviceNames(CONTROLLER, namespace),
    prefixes: { ...(options.endpointPrefixes ?? DEFAULT_PREFIXES), root: options.rootPrefix },
    extProc: {
      host: options.extProcHost ?? serviceHost(EXT_PROC, namespace),
      port: options.extProcPort,
      accountingPort: options.accountingPort,
    },
    gatewayExtProc:
      options.gatewayExtProc === undefined || options.extProcImage === undefined
        ? undefined
        : { ...options.gatewayExtProc, image: options.extProcImage },
    bufferBytes: options.bufferMib * MIB,
  };
}

interface Options {
  logLevel: Settings["logLevel"];
  kubeconfig?: string;
  namespace: string;
  leaderElection: boolean;
  adminHost: string;
  adminPort: number;
  extensionHost: string;
  extensionPort: number;
  extensionNames?: string;
  endpointPrefixes?: Prefixes;
  rootPrefix: string;
  extProcHost?: string;
  extProcPort: number;
  accountingPort: number;
  gatewayExtProc?: ExtProcSettings;
  extProcImage?: string;
  bufferMib: number;
}

const serviceNames = (service: string, namespace: string): string[] => [
  `${service}.${namespace}.svc.cluster.local`,
  `${service}.${namespace}.svc`,
  "localhost",
];

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError("a port from 0 to 65535 is needed");
  }
  return value;
}

function mebibytes(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1024) {
    throw new InvalidArgumentError("a whole number from 1 to 1024 is needed");
  }
  return value;
}

const extProcShape = z.strictObject({
  imagePullSecrets: z.array(z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  extProc: z
    .strictObject({
      replicas: z.int().min(0),
      maxReplicas: z.int().min(1),
      resources: z.strictObject({ cpu: z.string(), memory: z.string() }),
      logLevel: z.enum(["error", "warn", "info", "debug"]),
      workers: z.int().min(1),
      drainSeconds: z.int().min(0),
    })
    .partial()
    .optional(),
});

function extProcSettings(text: string): ExtProcSettings {
  try {
    // zod says `undefined` of what JSON leaves out.
    return JSON.parse(JSON.stringify(extProcShape.parse(JSON.parse(text)))) as ExtProcSettings;
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : "JSON is needed";
    throw new InvalidArgumentError(reason);
  }
}
