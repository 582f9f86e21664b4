import { createHash } from "node:crypto";

/**
 * Signatures of thinking, which hold the thinking itself: a client that was shown none of it still
 * sends it back whole. Anyone who changes either is found out.
 */
const DIGEST_BYTES = 32;

export function sign(thinking: string): string {
  return Buffer.concat([digest(thinking), Buffer.from(thinking)]).toString("base64");
}

/** The thinking behind a signature, or undefined where it was tampered with. */
export function unseal(signature: string): string | undefined {
  const bytes = Buffer.from(signature, "base64");
  const thinking = bytes.subarray(DIGEST_BYTES).toString();
  return sign(thinking) === signature ? thinking : undefined;
}

const digest = (thinking: string): Buffer =>
  createHash("sha256").update("stand-in thinking\0").update(thinking).digest();
