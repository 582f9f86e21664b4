import { isIP } from "node:net";
import type { Input } from "@pulumi/pulumi";
import type { BackendTls, LlmBackendSettings } from "../../args/settings.generated.ts";
import { compact, derive } from "../inputs.ts";
import { credentialObjects } from "./credentials.ts";
import {
  AI_VERSION,
  ENVOY_GROUP,
  ENVOY_VERSION,
  GATEWAY_VERSION,
  type ObjectTemplate,
  objectIn,
  type Place,
} from "./object.ts";

/** A provider: what it speaks, where it is, how it is trusted, and the credential. */
export function backendObjects(place: Place, settings: LlmBackendSettings): ObjectTemplate[] {
  const { schema, version, prefix, host, port, tls, http2, headers, body } = settings;
  return [
    ...addressObjects(place, { host, port, http2, tls: tls ?? {} }),
    ...credentialObjects(place, settings),
    objectIn(place, AI_VERSION, "AIServiceBackend", {
      spec: compact({
        schema: compact({ name: schema, version, prefix }),
        backendRef: { group: ENVOY_GROUP, kind: "Backend", name: place.name },
        headerMutation: headers,
        bodyMutation: body,
      }),
    }),
  ];
}

interface Address {
  host: Input<string>;
  port: Input<number> | undefined;
  http2?: boolean | undefined;
  tls: BackendTls;
}

/** Envoy Gateway's Backend, and what says how its certificate is checked. */
export function addressObjects(
  place: Place,
  { host, port, http2, tls }: Address,
): ObjectTemplate[] {
  const secure = tls.enabled !== false;
  const backend = objectIn(place, ENVOY_VERSION, "Backend", {
    spec: compact({
      endpoints: [derive([host, port ?? (secure ? 443 : 80)], endpoint)],
      appProtocols: http2 ? ["gateway.envoyproxy.io/h2c"] : undefined,
    }),
  });
  return secure ? [backend, ...trust(place, host, tls)] : [backend];
}

const endpoint = (host: string, port: number): object =>
  isIP(host) === 0 ? { fqdn: { hostname: host, port } } : { ip: { address: host, port } };

function trust(place: Place, host: Input<string>, tls: BackendTls): ObjectTemplate[] {
  const { hostname = host, caCertificate, caConfigMap } = tls;
  const bundle =
    caCertificate === undefined
      ? undefined
      : objectIn(place, "v1", "ConfigMap", { data: { "ca.crt": caCertificate } }, "ca");
  const name = bundle?.metadata.name ?? caConfigMap;
  const policy = objectIn(place, GATEWAY_VERSION, "BackendTLSPolicy", {
    spec: {
      targetRefs: [{ group: ENVOY_GROUP, kind: "Backend", name: place.name }],
      validation:
        name === undefined
          ? { hostname, wellKnownCACertificates: "System" }
          : { hostname, caCertificateRefs: [{ group: "", kind: "ConfigMap", name }] },
    },
  });
  return bundle === undefined ? [policy] : [bundle, policy];
}
