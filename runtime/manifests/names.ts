/** Names and ports of what the gateway consists of in a cluster. */

export const SYSTEM_NAMESPACE = "envoy-ai-gateway-system";
export const ENVOY_GATEWAY_NAMESPACE = "envoy-gateway-system";

/** Name of the controller's Deployment, Service, ServiceAccount and roles. */
export const CONTROLLER = "ai-gateway-controller";
/** Name of ext_proc's Deployment, headless Service, autoscaler and disruption budget. */
export const EXT_PROC = "ai-eg-ext-proc";

/** The controller's port for Envoy Gateway's hooks, with TLS on both sides. */
export const EXTENSION_PORT = 1063;
/** Port of ext_proc's gRPC. */
export const EXT_PROC_PORT = 1063;
/** Port of `/health`, `/ready` and `/metrics`, of both. */
export const ADMIN_PORT = 1064;
/** Port to which Envoys report finished requests, in ext_proc's Pods. */
export const ACCOUNTING_PORT = 1065;

/**
 * Secrets of the system namespace, which the controller issues and renews: the extension server's
 * certificate, the authority that both sides trust (its `tls.crt`), and Envoy Gateway's certificate
 * as a client. The answers to hooks contain credentials, so that the server talks to nobody else.
 */
export const EXTENSION_SECRETS = {
  server: "ai-eg-extension-server",
  authorities: "ai-eg-extension-ca",
  client: "ai-eg-extension-client",
} as const;

/** Lease of the one controller that writes. */
export const LEADER_LEASE = "ai-gateway-controller";

/** Socket on which ext_proc listens beside Envoy, in both containers. */
export const SIDECAR_SOCKET = "/var/run/ai-gateway/ext-proc.sock";

/** Host name of a Service of the system namespace. */
export const serviceHost = (name: string, namespace: string): string =>
  `${name}.${namespace}.svc.cluster.local`;
