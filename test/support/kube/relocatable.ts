import type { SourceEdit } from "./tools.ts";

/**
 * Programs that are made for a container take its addresses, name server and paths for granted. As
 * plain processes several of them share a machine, so these edits let the environment say:
 *
 * - `LISTEN_HOST`: the address to listen on, in place of all;
 * - `CERTS_DIR`, `STATE_DIR`: in place of `/certs` and `/var/lib/eg`;
 * - `NAME_SERVER`: host:port to ask for names, in place of /etc/resolv.conf.
 *
 * Nothing else of what they do is touched.
 */
const useOs = (file: string): SourceEdit => ({
  file,
  from: "import (\n",
  to: 'import (\n\t"os"\n',
});

/** Constants cannot ask the environment. */
const constantsToVariables = (file: string, from: string): SourceEdit => ({
  file,
  from: `const (\n${from}`,
  to: `var (\n${from}`,
});

const nameServer = (folder: string): SourceEdit => ({
  file: `${folder}/name_server.go`,
  to: `package main

import (
	"context"
	"net"
	"os"
)

func init() {
	server := os.Getenv("NAME_SERVER")
	if server == "" {
		return
	}
	net.DefaultResolver = &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, "udp", server)
		},
	}
}
`,
});

const listening = (file: string, from: string, to: string): SourceEdit[] => [
  useOs(file),
  { file, from, to },
];

const XDS = "internal/xds/runner/runner.go";
const RATE_LIMITS = "internal/globalratelimit/runner/runner.go";
const TRANSLATION = "internal/gatewayapi/runner/runner.go";
const PROVIDER = "internal/provider/kubernetes/kubernetes.go";
const SHUTDOWN = "internal/cmd/envoy/shutdown_manager.go";
const SHUTDOWN_READY = 'os.Getenv("STATE_DIR") + "/shutdown-ready"';
const CERTS = '"/certs';

const certificates = (file: string): SourceEdit[] =>
  ["tls.crt", "tls.key", "ca.crt"].map((name) => ({
    file,
    from: `${CERTS}/${name}"`,
    to: `os.Getenv("CERTS_DIR") + "/${name}"`,
  }));

export const ENVOY_GATEWAY_EDITS: readonly SourceEdit[] = [
  nameServer("cmd/envoy-gateway"),
  constantsToVariables(XDS, "\t// XdsServerAddress is"),
  ...listening(XDS, 'XdsServerAddress = "0.0.0.0"', 'XdsServerAddress = os.Getenv("LISTEN_HOST")'),
  ...certificates(XDS),
  constantsToVariables(RATE_LIMITS, "\t// XdsGrpcSotwConfigServerAddress is"),
  ...listening(
    RATE_LIMITS,
    'XdsGrpcSotwConfigServerAddress = "0.0.0.0"',
    'XdsGrpcSotwConfigServerAddress = os.Getenv("LISTEN_HOST")',
  ),
  ...certificates(RATE_LIMITS),
  ...listening(PROVIDER, '":8081"', 'os.Getenv("LISTEN_HOST") + ":8081"'),
  {
    file: PROVIDER,
    from: "HealthProbeBindAddress:  healthProbeBindAddress,",
    to: 'HealthProbeBindAddress:  healthProbeBindAddress,\n\t\tMetrics: metricsserver.Options{BindAddress: os.Getenv("LISTEN_HOST") + ":8080"},',
  },
  {
    file: PROVIDER,
    from: `webhookTLSCertDir = ${CERTS}"`,
    to: 'webhookTLSCertDir = os.Getenv("CERTS_DIR")',
  },
  {
    file: PROVIDER,
    from: "CertDir:  webhookTLSCertDir,",
    to: 'Host:     os.Getenv("LISTEN_HOST"),\n\t\t\tCertDir:  webhookTLSCertDir,',
  },
  ...listening(
    "internal/wasm/httpserver.go",
    'fmt.Sprintf(":%d", serverPort),\n\t\tHandler',
    'fmt.Sprintf("%s:%d", os.Getenv("LISTEN_HOST"), serverPort),\n\t\tHandler',
  ),
  ...listening(
    "internal/admin/server.go",
    "r.cfg.EnvoyGateway.GetEnvoyGatewayAdminAddress()",
    'os.Getenv("LISTEN_HOST") + ":19000"',
  ),
  ...listening(
    "internal/metrics/register.go",
    "egv1a1.GatewayMetricsHost",
    'os.Getenv("LISTEN_HOST")',
  ),
  constantsToVariables(TRANSLATION, "\t// Default certificates path"),
  ...certificates(TRANSLATION),
  {
    file: TRANSLATION,
    from: '"/var/lib/eg/wasm"',
    to: 'path.Join(os.Getenv("STATE_DIR"), "wasm")',
  },
  {
    file: SHUTDOWN,
    from: 'fmt.Sprintf(":%d", ShutdownManagerPort)',
    to: 'fmt.Sprintf("%s:%d", os.Getenv("LISTEN_HOST"), ShutdownManagerPort)',
  },
  {
    file: SHUTDOWN,
    from: "readyTimeout, ShutdownReadyFile)",
    to: `readyTimeout, ${SHUTDOWN_READY})`,
  },
  { file: SHUTDOWN, from: "os.Create(ShutdownReadyFile)", to: `os.Create(${SHUTDOWN_READY})` },
  // The two requests to Envoy's admin port.
  { file: SHUTDOWN, from: '"localhost", bootstrap', to: 'os.Getenv("LISTEN_HOST"), bootstrap' },
  { file: SHUTDOWN, from: '"localhost", strconv', to: 'os.Getenv("LISTEN_HOST"), strconv' },
];

export const RATE_LIMIT_EDITS: readonly SourceEdit[] = [nameServer("src/service_cmd")];
