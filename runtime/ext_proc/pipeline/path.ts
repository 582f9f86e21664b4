/**
 * The upstream path with the query of the client's path: providers read parameters of their own
 * from it, as they do where Envoy rewrites the path natively.
 */
export function withQuery(upstreamPath: string, clientPath: string): string {
  const start = clientPath.indexOf("?");
  if (start < 0) return upstreamPath;
  const query = clientPath.slice(start + 1);
  if (query === "") return upstreamPath;
  return `${upstreamPath}${upstreamPath.includes("?") ? "&" : "?"}${query}`;
}

/** Google's clients may put their key into the query, which is for the gateway and nobody behind it. */
export const withoutKey = (path: string): string =>
  path.replace(/([?&])key=[^&]*(&|$)/g, (_, before: string, behind: string) =>
    behind === "&" ? before : "",
  );
