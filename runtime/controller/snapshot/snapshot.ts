import type {
  AIGatewayRoute,
  AIServiceBackend,
  BackendSecurityPolicy,
  GatewayConfig,
  MCPRoute,
  QuotaPolicy,
} from "../../api/index.ts";
import type {
  Backend,
  BackendTLSPolicy,
  BackendTrafficPolicy,
  ConfigMap,
  Gateway,
  InferencePool,
  ObjectMeta,
  ReferenceGrant,
  Secret,
  Service,
} from "./foreign.ts";

/** Every kind that the compiler reads, by kind name. */
export interface KindMap {
  Gateway: Gateway;
  AIGatewayRoute: AIGatewayRoute;
  AIServiceBackend: AIServiceBackend;
  BackendSecurityPolicy: BackendSecurityPolicy;
  GatewayConfig: GatewayConfig;
  MCPRoute: MCPRoute;
  QuotaPolicy: QuotaPolicy;
  Backend: Backend;
  Service: Service;
  InferencePool: InferencePool;
  BackendTLSPolicy: BackendTLSPolicy;
  BackendTrafficPolicy: BackendTrafficPolicy;
  Secret: Secret;
  ConfigMap: ConfigMap;
  ReferenceGrant: ReferenceGrant;
}
export type Kind = keyof KindMap;

export const snapshotKinds = [
  "Gateway",
  "AIGatewayRoute",
  "AIServiceBackend",
  "BackendSecurityPolicy",
  "GatewayConfig",
  "MCPRoute",
  "QuotaPolicy",
  "Backend",
  "Service",
  "InferencePool",
  "BackendTLSPolicy",
  "BackendTrafficPolicy",
  "Secret",
  "ConfigMap",
  "ReferenceGrant",
] as const satisfies readonly Kind[];

/**
 * All resources of one moment, by kind and then `namespace/name`. Valid and defaulted. Neither maps nor
 * objects are changed once they are part of one.
 */
export type Snapshot = { readonly [K in Kind]: ReadonlyMap<string, KindMap[K]> };

export const DEFAULT_NAMESPACE = "default";

/** The key under which an object stands in a snapshot. */
export const keyOf = (metadata: Pick<ObjectMeta, "name" | "namespace">): string =>
  `${metadata.namespace ?? DEFAULT_NAMESPACE}/${metadata.name}`;

export const namespaceOf = (metadata: Pick<ObjectMeta, "namespace">): string =>
  metadata.namespace ?? DEFAULT_NAMESPACE;

/** Builds a snapshot; of two objects with the same kind and name the later wins. */
export function snapshotOf(objects: Iterable<{ kind: string; metadata: ObjectMeta }>): Snapshot {
  const maps = Object.fromEntries(snapshotKinds.map((kind) => [kind, new Map()])) as {
    [K in Kind]: Map<string, KindMap[K]>;
  };
  for (const object of objects) {
    if (!(object.kind in maps)) continue;
    (maps[object.kind as Kind] as Map<string, unknown>).set(keyOf(object.metadata), object);
  }
  return maps;
}

/** A Secret's value as text, whether it was given as `data` or `stringData`. */
export function secretValue(secret: Secret, key: string): string | undefined {
  const plain = secret.stringData?.[key];
  if (plain !== undefined) return plain;
  const encoded = secret.data?.[key];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}
