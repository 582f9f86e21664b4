import type { Endpoint, EndpointFamily } from "./endpoint.ts";

/** Where the paths of each family stand on the gateway. */
export interface Prefixes {
  /** Before every path. */
  root: string;
  families: Readonly<Record<EndpointFamily, string>>;
}

export const DEFAULT_PREFIXES: Prefixes = {
  root: "/",
  families: { openai: "/", anthropic: "/anthropic", cohere: "/cohere" },
};

/** The full client path of an endpoint: `/anthropic/v1/messages`. */
export function endpointPath(
  endpoint: Pick<Endpoint, "family" | "path">,
  prefixes: Prefixes = DEFAULT_PREFIXES,
): string {
  const parts = [prefixes.root, prefixes.families[endpoint.family], endpoint.path];
  return `/${parts.flatMap((part) => part.split("/")).filter((part) => part !== "").join("/")}`;
}
