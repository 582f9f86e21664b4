import type { KubeObject } from "../objects/kube-object.ts";
import type { KubeItem } from "./reflector.ts";

interface FilterRef {
  extensionRef?: { kind?: string; name?: string };
}

interface RouteSpec {
  rules?: { filters?: FilterRef[]; backendRefs?: { filters?: FilterRef[] }[] }[];
}

/** Kind and name: the version of a kind may change under an object. */
export const idOf = ({ kind, metadata }: KubeObject | KubeItem): string =>
  `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;

/**
 * What an object cannot do without, by id: Envoy Gateway answers 500 for a rule of an HTTPRoute whose filter is not there, be
 * it for a moment.
 */
export function needsOf(object: KubeObject | KubeItem): string[] {
  if (object.kind !== "HTTPRoute") return [];
  const { rules = [] } = (object.spec ?? {}) as RouteSpec;
  const filters = rules.flatMap(({ filters = [], backendRefs = [] }) => [
    ...filters,
    ...backendRefs.flatMap((ref) => ref.filters ?? []),
  ]);
  const names = filters.flatMap(({ extensionRef: { kind, name } = {} }) =>
    kind === "HTTPRouteFilter" && name !== undefined ? [name] : [],
  );
  return [...new Set(names)].map(
    (name) => `HTTPRouteFilter ${object.metadata.namespace ?? ""}/${name}`,
  );
}
