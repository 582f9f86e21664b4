/**
 * Signatures go through clients of other protocols as thinking with a signature; this mark tells
 * Google's from those of other vendors' models, which Gemini would refuse.
 */
const MARK = "google:";

/** What Gemini takes in place of a signature that was lost, or that another model's call never had. */
export const SKIP_VALIDATION = "skip_thought_signature_validator";

export const markSignature = (signature: string): string => `${MARK}${signature}`;

/** Undefined for what is not Google's. */
export const readSignature = (signature: string | undefined): string | undefined =>
  signature?.startsWith(MARK) ? signature.slice(MARK.length) : undefined;
