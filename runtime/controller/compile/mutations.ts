import { GATEWAY_HEADER_PREFIX } from "../../program/names.ts";
import type { Program } from "../../program/program.ts";

export interface HeaderMutation {
  set?: { name: string; value: string }[] | undefined;
  remove?: string[] | undefined;
}

export interface BodyMutation {
  set?: { path: string; value: string }[] | undefined;
  remove?: string[] | undefined;
}

/**
 * Merges what a backend and a route ask for. The route wins wherever both touch one header, also
 * when one sets what the other removes. Names are compared in lower case; the order of the result
 * is by name, so that equal meaning gives equal configuration.
 */
export function mergeHeaderMutations(
  backend: HeaderMutation | undefined,
  route: HeaderMutation | undefined,
): { set: [string, string][]; remove: string[] } {
  const merged = merge(
    (backend?.set ?? []).map((h) => [h.name.toLowerCase(), h.value]),
    (backend?.remove ?? []).map((name) => name.toLowerCase()),
    (route?.set ?? []).map((h) => [h.name.toLowerCase(), h.value]),
    (route?.remove ?? []).map((name) => name.toLowerCase()),
  );
  return {
    set: merged.set.filter(([name]) => mutable(name)),
    remove: merged.remove.filter(mutable),
  };
}

/** Headers that a mutation may not touch: pseudo headers and the gateway's own. */
export const mutable = (name: string): boolean =>
  !name.startsWith(":") && !name.toLowerCase().startsWith(GATEWAY_HEADER_PREFIX);

/** Same for top-level fields of the body; values that are not JSON stand for themselves as strings. */
export function mergeBodyMutations(
  backend: BodyMutation | undefined,
  route: BodyMutation | undefined,
): Program["body"] {
  const merged = merge(
    (backend?.set ?? []).map((f) => [f.path, rawJson(f.value)]),
    backend?.remove ?? [],
    (route?.set ?? []).map((f) => [f.path, rawJson(f.value)]),
    route?.remove ?? [],
  );
  if (merged.set.length === 0 && merged.remove.length === 0) return undefined;
  return {
    ...(merged.remove.length > 0 ? { remove: merged.remove } : {}),
    ...(merged.set.length > 0 ? { set: merged.set } : {}),
  };
}

function merge(
  baseSet: [string, string][],
  baseRemove: string[],
  overSet: [string, string][],
  overRemove: string[],
): { set: [string, string][]; remove: string[] } {
  const actions = new Map<string, string | undefined>();
  for (const name of baseRemove) actions.set(name, undefined);
  for (const [name, value] of baseSet) actions.set(name, value);
  for (const name of overRemove) actions.set(name, undefined);
  for (const [name, value] of overSet) actions.set(name, value);
  const sorted = [...actions].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    set: sorted.filter((entry): entry is [string, string] => entry[1] !== undefined),
    remove: sorted.filter(([, value]) => value === undefined).map(([name]) => name),
  };
}

const rawJson = (text: string): string => (isJson(text) ? text : JSON.stringify(text));

/** @returns whether a value of a body mutation says what it is */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
