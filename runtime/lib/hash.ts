import { createHash } from "node:crypto";

/** A short content hash for names: 12 hex digits of SHA-256. */
export const shortHash = (...parts: string[]): string =>
  createHash("sha256").update(parts.join("\u0000")).digest("hex").slice(0, 12);
