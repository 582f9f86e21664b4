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

const NOTHING: readonly string[] = [];
const known = new WeakMap<object, readonly string[]>();

/**
 * What an object cannot do without, by id: Envoy Gateway answers 500 for a rule of an HTTPRoute whose filter is not there, be
 * it for a moment. Asked again and again of the same objects.
 */
export function needsOf(object: KubeObject | KubeItem): readonly string[] {
  if (object.kind !== "HTTPRoute") return NOTHING;
  const needs = known.get(object) ?? filtersOf(object);
  known.set(object, needs);
  return needs;
}

/** May others need an object of this id? */
export const isNeeded = (id: string): boolean => id.startsWith(FILTER);

const FILTER = "HTTPRouteFilter ";

function filtersOf(object: KubeObject | KubeItem): string[] {
  const { rules = [] } = (object.spec ?? {}) as RouteSpec;
  const filters = rules.flatMap(({ filters = [], backendRefs = [] }) => [
    ...filters,
    ...backendRefs.flatMap((ref) => ref.filters ?? []),
  ]);
  const names = filters.flatMap(({ extensionRef: { kind, name } = {} }) =>
    kind === "HTTPRouteFilter" && name !== undefined ? [name] : [],
  );
  return [...new Set(names)].map((name) => `${FILTER}${object.metadata.namespace ?? ""}/${name}`);
}
