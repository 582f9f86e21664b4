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
