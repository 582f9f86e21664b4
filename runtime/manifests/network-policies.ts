import {
  ACCOUNTING_PORT,
  ADMIN_PORT,
  CONTROLLER,
  ENVOY_GATEWAY_NAMESPACE,
  EXT_PROC,
  EXT_PROC_PORT,
  EXTENSION_PORT,
} from "./names.ts";
import { type Manifest, metadataOf, type RuntimeOptions, selectorOf } from "./options.ts";

/**
 * Who may open connections to the Pods: Envoy Gateway's namespace to what serves it, everybody to
 * metrics and health. Envoys that run in their Gateways' namespaces need a policy of their own.
 */
export function networkPolicyManifests(options: RuntimeOptions): Manifest[] {
  const from = [
    {
      namespaceSelector: {
        matchLabels: {
          "kubernetes.io/metadata.name": options.envoyGatewayNamespace ?? ENVOY_GATEWAY_NAMESPACE,
        },
      },
    },
  ];
  const policy = (name: string, ports: number[]): Manifest => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadataOf(name, options),
    spec: {
      podSelector: { matchLabels: selectorOf(name) },
      policyTypes: ["Ingress"],
      ingress: [
        { from, ports: ports.map((port) => ({ protocol: "TCP", port })) },
        { ports: [{ protocol: "TCP", port: ADMIN_PORT }] },
      ],
    },
  });
  return [policy(CONTROLLER, [EXTENSION_PORT]), policy(EXT_PROC, [EXT_PROC_PORT, ACCOUNTING_PORT])];
}
