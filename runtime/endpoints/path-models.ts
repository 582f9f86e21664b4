import type { Endpoint } from "./endpoint.ts";
import { endpointPath, type Prefixes } from "./prefixes.ts";

/** Stands for the model in the path of an endpoint whose requests name it there. */
export const MODEL_IN_PATH = "{model}";

type Placed = Pick<Endpoint, "family" | "path" | "otherPaths">;

/** All full client paths of an endpoint. */
export const clientPaths = (
  { family, path, otherPaths = [] }: Placed,
  prefixes: Prefixes,
): string[] => [path, ...otherPaths].map((each) => endpointPath({ family, path: each }, prefixes));

/** What stands before and behind the model in a path; undefined where the path has none. */
export function aroundModel(path: string): [before: string, behind: string] | undefined {
  const at = path.indexOf(MODEL_IN_PATH);
  return at < 0 ? undefined : [path.slice(0, at), path.slice(at + MODEL_IN_PATH.length)];
}

/**
 * Whether a client's path (without query) is one of an endpoint's, and the model that it names, by
 * the rules of the gateway's first filter.
 */
export function matchPath(
  endpoint: Placed,
  prefixes: Prefixes,
  clientPath: string,
): { model?: string } | undefined {
  for (const path of clientPaths(endpoint, prefixes)) {
    const around = aroundModel(path);
    if (around === undefined) {
      if (path === clientPath) return {};
      continue;
    }
    const [before, behind] = around;
    const end = clientPath.length - behind.length;
    if (end <= before.length || !clientPath.startsWith(before) || !clientPath.endsWith(behind)) {
      continue;
    }
    return { model: decoded(clientPath.slice(before.length, end)) };
  }
  return undefined;
}

/** Of a path whose last part is `<model>:<method>`: the method streams. */
export const streamsByPath = (path: string): boolean => /:stream[A-Za-z]*(\?|$)/.test(path);

function decoded(model: string): string {
  try {
    return decodeURIComponent(model);
  } catch {
    return "";
  }
}
