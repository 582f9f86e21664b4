import type { Endpoint, EndpointFamily } from "./endpoint.ts";

/** Where the paths of each family stand on the gateway. */
export interface Prefixes {
  /** Before every path. */
  root: string;
  families: Readonly<Record<EndpointFamily, string>>;
}

export const DEFAULT_PREFIXES: Prefixes = {
  root: "/",
  families: { openai: "/", anthropic: "/anthropic", cohere: "/cohere", gemini: "/" },
};

/** The path below which a family stands: `/anthropic`, or `/`. */
export const familyPath = (family: EndpointFamily, prefixes: Prefixes): string =>
  endpointPath({ family, path: "" }, prefixes);

/** The full client path of an endpoint: `/anthropic/v1/messages`. */
export function endpointPath(
  endpoint: Pick<Endpoint, "family" | "path">,
  prefixes: Prefixes = DEFAULT_PREFIXES,
): string {
  const parts = [prefixes.root, prefixes.families[endpoint.family], endpoint.path];
  return `/${parts
    .flatMap((part) => part.split("/"))
    .filter((part) => part !== "")
    .join("/")}`;
}

/**
 * Reads `openai:/,anthropic:/anthropic,cohere:/cohere,gemini:/`; families that are not named keep their
 * default. @throws {Error} naming the part that is wrong.
 */
export function parsePrefixes(text: string): Prefixes {
  const families = { ...DEFAULT_PREFIXES.families };
  for (const part of text.split(",").map((p) => p.trim())) {
    const colon = part.indexOf(":");
    const family = part.slice(0, colon).trim();
    const prefix = part.slice(colon + 1).trim();
    if (colon < 0 || !(family in families) || prefix === "") {
      throw new Error(
        `"${part}" is not a prefix: write family:/path with one of ${Object.keys(families).join(", ")}`,
      );
    }
    families[family as EndpointFamily] = prefix;
  }
  return { root: DEFAULT_PREFIXES.root, families };
}
