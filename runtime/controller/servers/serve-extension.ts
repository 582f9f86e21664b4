import type { Logger } from "pino";
import { EXT_PROC_PORT, EXTENSION_SECRETS, SIDECAR_SOCKET } from "../../manifests/names.ts";
import type { EditReport } from "../extension/report.ts";
import { keepCertificates, type ServerCertificate } from "../kube/certificates.ts";
import type { Controller } from "../kube/controller.ts";
import type { KubeHttp } from "../kube/http.ts";
import type { ControllerMetrics } from "../kube/metrics.ts";
import { translateAgain } from "../kube/translate-again.ts";
import type { Settings } from "../settings.ts";
import { accountingOf, ownExtProcHost } from "./ext-proc-hosts.ts";
import { type ExtensionServer, startExtensionServer } from "./extension.ts";

export interface ServeExtensionOptions {
  settings: Settings;
  http: KubeHttp;
  log: Logger;
  metrics: ControllerMetrics;
  controller: Controller;
  /** This replica's name. */
  identity: string;
}

export interface ServedExtension {
  /** Whether Envoy Gateway can call it. */
  serving(): boolean;
  planChanged(): void;
  stop(): Promise<void>;
}

/** Serves Envoy Gateway's hooks as soon as there is a certificate to do it with, and renews that. */
export function serveExtension(options: ServeExtensionOptions): ServedExtension {
  const { settings, http, log, controller, identity } = options;
  let server: Promise<ExtensionServer> | undefined;
  let running: ExtensionServer | undefined;

  const start = async (tls: ServerCertificate): Promise<ExtensionServer> => {
    const started = await startExtensionServer(extensionOptions(options, tls));
    running = started;
    log.info({ port: started.port }, "extension server listens");
    return started;
  };
  const certificates = keepCertificates(http, {
    secrets: { namespace: settings.namespace, ...EXTENSION_SECRETS },
    dnsNames: settings.extensionNames,
    changed(certificate) {
      if (server !== undefined) {
        void server.then((started) => started.renew(tlsOf(certificate)));
        log.info("the extension server's certificate is new");
        return;
      }
      server = start(certificate);
      server.catch((error: Error) => {
        log.error({ err: error.message }, "the extension server could not start");
        process.exit(1);
      });
    },
    failed: (error) => log.warn({ err: error.message }, "certificates are not settled yet"),
  });
  return {
    serving: () => running !== undefined,
    planChanged: () => running?.planChanged(),
    async stop() {
      certificates.stop();
      await (await server)?.close();
    },
  };

  function extensionOptions(
    { settings: { extProc, ...rest }, metrics }: ServeExtensionOptions,
    certificate: ServerCertificate,
  ): Parameters<typeof startExtensionServer>[0] {
    return {
      listen: { host: rest.extensionHost, port: rest.extensionPort },
      tls: tlsOf(certificate),
      plan: controller.plan,
      extension: {
        prefixes: rest.prefixes,
        bufferBytes: rest.bufferBytes,
        extProc: { host: extProc.host, port: extProc.port },
        ownExtProc: (gateway) => ({ host: ownExtProcHost(gateway), port: EXT_PROC_PORT }),
        sidecarSocket: SIDECAR_SOCKET,
        accounting: (gateway) => accountingOf(controller.plan(), gateway, extProc),
      },
      report: reporting(log, controller),
      again(route, revision) {
        log.info(
          { route, revision },
          "was asked before its plan was known: to be translated again",
        );
        translateAgain(http, route, `${revision} ${identity} ${Date.now()}`).catch((error: Error) =>
          log.error(
            { route, err: error.message },
            "Envoy Gateway could not be had to translate again",
          ),
        );
      },
      observe({ hook, durationMs, outcome, error }) {
        metrics.hooked(hook, durationMs / 1000, outcome !== "failed");
        if (outcome === "failed") log.error({ hook, err: error }, "a hook failed");
        else log.debug({ hook, durationMs, outcome }, "hook");
      },
    };
  }
}

const tlsOf = ({ certificate, key, authorities }: ServerCertificate) => ({
  certificate,
  key,
  clientCa: authorities,
});

/** Tells the controller what was refused, of all Gateways: a translation is of one of them. */
function reporting(log: Logger, controller: Controller): (report: EditReport) => void {
  const deniedBy = new Map<string, readonly string[]>();
  return ({ gateways, denied, failures }) => {
    for (const { resource, error } of failures) {
      log.warn({ resource, err: error }, "passed on as it came, since it could not be edited");
    }
    if (gateways.length === 0) return;
    deniedBy.set(gateways.join(" "), denied);
    const all = [...deniedBy.values()].flat();
    controller.extensionReported({ denied: new Set(all) });
  };
}
