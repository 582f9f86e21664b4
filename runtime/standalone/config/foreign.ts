import { z } from "zod";
import { objectMeta } from "../../api/shared/resource.ts";
import type { KindMap } from "../../controller/snapshot/snapshot.ts";
import type { ForeignResource } from "./loaded.ts";

export type ForeignKind = ForeignResource["kind"];

const object = <K extends string, Shape extends z.ZodRawShape>(kind: K, shape: Shape) =>
  z.object({ apiVersion: z.string(), kind: z.literal(kind), metadata: objectMeta, ...shape });

const port = z.int().min(1).max(65_535);
const texts = z.record(z.string(), z.string());

const targetRef = z.object({
  group: z.string().optional(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  sectionName: z.string().optional(),
});

const gateway = object("Gateway", {
  spec: z.object({
    gatewayClassName: z.string(),
    listeners: z.array(
      z.object({
        name: z.string(),
        port,
        protocol: z.string(),
        hostname: z.string().optional(),
      }),
    ),
  }),
});

const backend = object("Backend", {
  spec: z.object({
    endpoints: z
      .array(
        z.object({
          fqdn: z.object({ hostname: z.string().min(1), port }).optional(),
          ip: z.object({ address: z.string().min(1), port }).optional(),
          hostname: z.string().optional(),
        }),
      )
      .min(1),
    appProtocols: z.array(z.string()).optional(),
  }),
});

const backendTlsPolicy = object("BackendTLSPolicy", {
  spec: z.object({
    targetRefs: z.array(targetRef).min(1),
    validation: z.object({
      hostname: z.string().min(1),
      wellKnownCACertificates: z.string().optional(),
      caCertificateRefs: z
        .array(z.object({ group: z.string().optional(), kind: z.string(), name: z.string() }))
        .optional(),
    }),
  }),
});

const backendTrafficPolicy = object("BackendTrafficPolicy", {
  spec: z.object({
    targetRefs: z.array(targetRef).optional(),
    targetRef: targetRef.optional(),
    retry: z
      .object({
        numRetries: z.int().min(0).optional(),
        numAttemptsPerPriority: z.int().min(0).optional(),
        retryOn: z
          .object({
            triggers: z.array(z.string()).optional(),
            httpStatusCodes: z.array(z.int().min(100).max(599)).optional(),
          })
          .optional(),
        perRetry: z
          .object({
            timeout: z.string().optional(),
            backOff: z
              .object({ baseInterval: z.string().optional(), maxInterval: z.string().optional() })
              .optional(),
          })
          .optional(),
      })
      .optional(),
    timeout: z
      .object({
        tcp: z.object({ connectTimeout: z.string().optional() }).optional(),
        http: z.object({ requestTimeout: z.string().optional() }).optional(),
      })
      .optional(),
  }),
});

/** Empty or padded base64, also over several lines, as the API server takes it. */
const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
    text.replace(/[\r\n]/g, ""),
  );

const secret = object("Secret", {
  data: z
    .record(
      z.string(),
      z.string().refine(isBase64, {
        error: "must be base64; text as it is belongs under stringData",
      }),
    )
    .optional(),
  stringData: texts.optional(),
});

const configMap = object("ConfigMap", { data: texts.optional() });

const referenceGrant = object("ReferenceGrant", {
  spec: z.object({
    from: z.array(z.object({ group: z.string(), kind: z.string(), namespace: z.string() })).min(1),
    to: z
      .array(z.object({ group: z.string(), kind: z.string(), name: z.string().optional() }))
      .min(1),
  }),
});

const GATEWAY_API = "gateway.networking.k8s.io";
const ENVOY_GATEWAY = "gateway.envoyproxy.io";

/** The group of each kind, and the fields of it that are read. */
export const foreignKinds = {
  Gateway: { group: GATEWAY_API, schema: gateway },
  Backend: { group: ENVOY_GATEWAY, schema: backend },
  BackendTLSPolicy: { group: GATEWAY_API, schema: backendTlsPolicy },
  BackendTrafficPolicy: { group: ENVOY_GATEWAY, schema: backendTrafficPolicy },
  Secret: { group: "", schema: secret },
  ConfigMap: { group: "", schema: configMap },
  ReferenceGrant: { group: GATEWAY_API, schema: referenceGrant },
} as const satisfies {
  [K in ForeignKind]: { group: string; schema: z.ZodObject & z.ZodType<KindMap[K]> };
};

const FIELDS_WITHOUT_EFFECT: Partial<Record<ForeignKind, readonly string[]>> = {
  Secret: ["type", "immutable"],
  ConfigMap: ["immutable"],
};

/**
 * Whether leaving a field out changes nothing: fields that have no meaning here, and fields that
 * say what is so anyway.
 */
export function isWithoutEffect(
  kind: ForeignKind,
  path: readonly (string | number)[],
  value: unknown,
): boolean {
  const field = path.filter((step) => typeof step === "string").join(".");
  if (field === "status" || FIELDS_WITHOUT_EFFECT[kind]?.includes(field)) return true;
  if (kind === "Backend" && field === "spec.type") return value === "Endpoints";
  if (kind === "Gateway" && field === "spec.listeners.allowedRoutes")
    return isDefaultAllowed(value);
  return false;
}

/** Routes of the Gateway's own namespace, of every kind. */
function isDefaultAllowed(value: unknown): boolean {
  const { kinds, namespaces } = (value ?? {}) as {
    kinds?: unknown;
    namespaces?: { from?: unknown };
  };
  return kinds === undefined && (namespaces?.from ?? "Same") === "Same";
}
