import { shortHash } from "./hash.ts";

const MAX_NAME = 253;
/** Longest name of a Service, and value of a label. */
export const MAX_LABEL = 63;

/** `prefix-name`; names too long for Kubernetes end in a hash of the whole. */
export function prefixed(prefix: string, name: string, max = MAX_NAME): string {
  const whole = `${prefix}-${name}`;
  if (whole.length <= max) return whole;
  const hash = shortHash(whole);
  return `${whole.slice(0, max - hash.length - 1).replace(/[.-]+$/, "")}-${hash}`;
}
