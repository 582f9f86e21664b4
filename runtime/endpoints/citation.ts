/** Where what a citation names can be read. */
export interface Address {
  url: string;
  /** Empty where there is none. */
  title: string;
}

/**
 * Of a citation in Anthropic's shape, in which citations travel inside the gateway. Undefined for what
 * has no address, as documents that the client itself has sent.
 */
export function addressOf(citation: unknown): Address | undefined {
  const { url, source, title } = Object(citation) as Record<string, unknown>;
  const address = typeof url === "string" ? url : source;
  if (typeof address !== "string" || !/^https?:\/\//i.test(address)) return undefined;
  return { url: address, title: typeof title === "string" ? title : "" };
}
