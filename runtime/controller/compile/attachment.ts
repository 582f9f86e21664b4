import type { AIGatewayRoute } from "../../api/index.ts";
import { remember } from "../../lib/remember.ts";
import type { Gateway } from "../snapshot/foreign.ts";
import { keyOf, namespaceOf } from "../snapshot/snapshot.ts";

type ParentRef = NonNullable<AIGatewayRoute["spec"]["parentRefs"]>[number];

/** A reference to a Gateway and its place among the route's `parentRefs`. */
export interface PlacedRef {
  ref: ParentRef;
  index: number;
}

interface Parents {
  refs: PlacedRef[];
  covered: PlacedRef[];
  conflicting: PlacedRef[];
}

/**
 * The parents of a route, and those that add nothing or cannot stand beside the others: an HTTPRoute
 * takes several references to one Gateway only where all name listeners in the same way, and none
 * twice. One that names the whole Gateway stands for all.
 */
export const parentRefsOf = remember((route: AIGatewayRoute): Parents => {
  const refs: PlacedRef[] = [];
  const covered: PlacedRef[] = [];
  const conflicting: PlacedRef[] = [];
  const placed = (route.spec.parentRefs ?? []).map((ref, index) => ({ ref, index }));
  // Whole Gateways first, so that they cover what names parts of them.
  const ordered = [...placed].sort((a, b) => Number(named(a.ref)) - Number(named(b.ref)));
  for (const entry of ordered) {
    const siblings = refs.filter(
      ({ ref }) => gatewayOf(route, ref) === gatewayOf(route, entry.ref),
    );
    if (siblings.some(({ ref }) => !named(ref) || sameSection(ref, entry.ref))) covered.push(entry);
    else if (siblings.some(({ ref }) => !sameForm(ref, entry.ref))) conflicting.push(entry);
    else refs.push(entry);
  }
  refs.sort((a, b) => a.index - b.index);
  return { refs, covered, conflicting };
});

/** `namespace/name` of the Gateway that a reference names. */
export const gatewayOf = (route: AIGatewayRoute, ref: ParentRef): string =>
  `${ref.namespace ?? namespaceOf(route.metadata)}/${ref.name}`;

const named = (ref: ParentRef): boolean => ref.sectionName !== undefined || ref.port !== undefined;
const sameForm = (a: ParentRef, b: ParentRef): boolean =>
  (a.sectionName === undefined) === (b.sectionName === undefined) &&
  (a.port === undefined) === (b.port === undefined);
const sameSection = (a: ParentRef, b: ParentRef): boolean =>
  sameForm(a, b) && a.sectionName === b.sectionName && a.port === b.port;

/** Names of the listeners of a Gateway that a reference attaches to. */
export function listenersOf(route: AIGatewayRoute, ref: ParentRef, gateway: Gateway): string[] {
  return gateway.spec.listeners
    .filter(
      (listener) =>
        (ref.sectionName ?? listener.name) === listener.name &&
        (ref.port ?? listener.port) === listener.port &&
        admits(listener.allowedRoutes?.namespaces?.from, route, gateway),
    )
    .map(({ name }) => name);
}

/** Namespaces chosen by their labels are left to Envoy Gateway, which sees the labels. */
const admits = (from: string | undefined, route: AIGatewayRoute, gateway: Gateway): boolean =>
  from === "None"
    ? false
    : from === "Same"
      ? namespaceOf(route.metadata) === namespaceOf(gateway.metadata)
      : true;

/** Names of the listeners of this Gateway that serve the route; undefined where none of its parents is it. */
export function attachedListeners(route: AIGatewayRoute, gateway: Gateway): string[] | undefined {
  const key = keyOf(gateway.metadata);
  const parents = parentRefsOf(route).refs.filter(({ ref }) => gatewayOf(route, ref) === key);
  if (parents.length === 0) return undefined;
  const names = new Set(parents.flatMap(({ ref }) => listenersOf(route, ref, gateway)));
  return gateway.spec.listeners.map(({ name }) => name).filter((name) => names.has(name));
}
