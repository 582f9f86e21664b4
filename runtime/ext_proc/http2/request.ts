import type { HeaderField } from "./hpack.ts";

const REQUIRED = [":method", ":scheme", ":path"];
const KNOWN = new Set([...REQUIRED, ":authority"]);
/** Fields of HTTP/1 that say something of a connection. */
const OF_CONNECTION = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);
const UPPER_CASE = /[A-Z]/;

/** Are these the fields of a request (RFC 9113, section 8.2 and 8.3)? */
export function isRequest(fields: readonly HeaderField[]): boolean {
  const pseudo: string[] = [];
  let count = 0;
  for (const [name, value] of fields) {
    if (name.startsWith(":")) {
      // They stand before all others.
      if (pseudo.length < count || !KNOWN.has(name) || pseudo.includes(name)) return false;
      pseudo.push(name);
    } else if (OF_CONNECTION.has(name) || UPPER_CASE.test(name)) {
      return false;
    } else if (name === "te" && value !== "trailers") {
      return false;
    }
    count += 1;
  }
  return REQUIRED.every((name) => pseudo.includes(name));
}
