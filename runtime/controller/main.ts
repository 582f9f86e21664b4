/** The controller's process: wiring only. */
import { hostname } from "node:os";
import { KubeConfig } from "@kubernetes/client-node";
import { extProcManifests } from "../manifests/ext-proc.ts";
import { LEADER_LEASE } from "../manifests/names.ts";
import { startAdmin } from "../telemetry/admin.ts";
import { createLogger } from "../telemetry/log.ts";
import { startController } from "./kube/controller.ts";
import { createKubeHttp } from "./kube/http.ts";
import { startLeaderElection } from "./kube/leader.ts";
import { createControllerMetrics } from "./kube/metrics.ts";
import { tokenEndpoints } from "./kube/token-servers.ts";
import { serveExtension } from "./servers/serve-extension.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(process.argv, process.env);
const log = createLogger({ level: settings.logLevel, pretty: false });
// A Pod has one controller at a time: its next one goes on with the Lease that the last one held.
const identity = settings.podName ?? `${hostname()}-${process.pid}`;

const config = new KubeConfig();
if (settings.kubeconfig === undefined) config.loadFromDefault();
else config.loadFromFile(settings.kubeconfig);
const http = createKubeHttp(config);
const metrics = createControllerMetrics();

const controller = startController({
  http,
  log,
  metrics,
  identity,
  planned: () => extension.planChanged(),
  tokenEndpoints: tokenEndpoints(process.env),
  objects: {
    rootPrefix: settings.prefixes.root,
    ...(settings.gatewayExtProc === undefined
      ? {}
      : { extProc: extProcManifests(settings.gatewayExtProc) }),
  },
});

const leader = settings.leaderElection
  ? startLeaderElection(http, {
      namespace: settings.namespace,
      name: LEADER_LEASE,
      identity,
      elected() {
        log.info({ identity }, "leading: this replica writes");
        void controller.lead(true);
      },
      lost() {
        log.warn({ identity }, "no longer leading");
        return controller.lead(false);
      },
      failed: (error) => log.warn({ err: error.message }, "the Lease could not be renewed"),
    })
  : undefined;
if (leader === undefined) void controller.lead(true);

const extension = serveExtension({ settings, http, log, metrics, controller, identity });

const admin = await startAdmin({
  host: settings.adminHost,
  port: settings.adminPort,
  metrics: () => metrics.text(),
  ready: async () => controller.plan() !== undefined && extension.serving(),
});
log.info({ admin: admin.url, namespace: settings.namespace }, "controller runs");

let stopping = false;
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, "ending");
  await extension.stop();
  await leader?.stop();
  await controller.stop();
  await admin.close();
  http.close();
}
process.once("SIGTERM", (signal) => void stop(signal));
process.once("SIGINT", (signal) => void stop(signal));
