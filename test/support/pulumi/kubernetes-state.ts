/** How the played Kubernetes provider compares objects. */
import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../kube/client.ts";

/** What stands for a value that preview does not know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Fields of the first level that differ, and those for which the object has to be made anew. */
export function changedFields(
  old: KubeObject,
  now: KubeObject,
): { fields: string[]; replaces: string[] } {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const fields = names.filter((name) => !isDeepStrictEqual(old[name], now[name]));
  const moved =
    old.metadata?.name !== now.metadata?.name ||
    old.metadata?.namespace !== now.metadata?.namespace;
  const fixed = ["apiVersion", "kind"].filter((name) => fields.includes(name));
  return { fields, replaces: [...fixed, ...(moved ? ["metadata"] : [])] };
}

/** The live object, as far as the inputs say something of it: what differs is drift. */
export function projected(inputs: unknown, live: unknown): unknown {
  if (Array.isArray(inputs)) {
    if (!Array.isArray(live) || live.length !== inputs.length) return live ?? inputs;
    return inputs.map((item, index) => projected(item, live[index]));
  }
  if (typeof inputs !== "object" || inputs === null) return live;
  if (typeof live !== "object" || live === null) return live;
  const source = live as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(inputs)
      // The API server turns `stringData` into `data` and does not show it again.
      .map(([name, field]): [string, unknown] => [
        name,
        name === "stringData" && source[name] === undefined
          ? field
          : projected(field, source[name]),
      ])
      .filter(([, field]) => field !== undefined),
  );
}
