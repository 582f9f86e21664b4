import { CONTROLLER, EXTENSION_PORT, EXTENSION_SECRETS, serviceHost } from "./names.ts";
import { namespaceOf, type RuntimeOptions } from "./options.ts";

export interface EnvoyGatewayOptions extends Pick<RuntimeOptions, "namespace"> {
  /** Redis as `host:port`, in which Envoy Gateway's rate limits count. */
  redis?: string;
  /** Largest message of a hook: everything of one Gateway, both ways. */
  maxMessageSize?: string;
}

/** With the pauses between them, about half an hour. */
const HOOK_ATTEMPTS = 1000;

const secret = (name: string, namespace: string) => ({ kind: "Secret", name, namespace });

/**
 * Fields of Envoy Gateway's own configuration (kind EnvoyGateway; in its chart
 * `config.envoyGateway`) by which it calls the controller. Hooks that fail keep what Envoy has: never
 * is anything programmed that they have not seen.
 */
export function envoyGatewayFields(options: EnvoyGatewayOptions = {}) {
  const namespace = namespaceOf(options);
  const { redis, maxMessageSize = "64Mi" } = options;
  const everything = { includeAll: true };
  return {
    extensionApis: { enableBackend: true },
    extensionManager: {
      failOpen: false,
      maxMessageSize,
      hooks: {
        xdsTranslator: {
          // Translation has all of a Gateway, Endpoints what changes between two translations.
          post: ["Translation", "Endpoints", "Cluster", "Route"],
          translation: {
            listener: everything,
            route: everything,
            cluster: everything,
            secret: everything,
          },
        },
      },
      service: {
        fqdn: { hostname: serviceHost(CONTROLLER, namespace), port: EXTENSION_PORT },
        // A translation that failed is not made again until something else changes: so it waits.
        retry: { maxAttempts: HOOK_ATTEMPTS, initialBackoff: "100ms", maxBackoff: "2s" },
        tls: {
          certificateRef: secret(EXTENSION_SECRETS.authorities, namespace),
          clientCertificateRef: secret(EXTENSION_SECRETS.client, namespace),
        },
      },
    },
    ...(redis === undefined
      ? {}
      : { rateLimit: { backend: { type: "Redis", redis: { url: redis } } } }),
  };
}
