import type { RedactedThinkingPart, ThinkingPart } from "../../conversation/conversation.ts";
import { markSignature, readSignature } from "../../conversation/signatures.ts";

/**
 * Gemini's clients hold on to `thoughtSignature`, bytes in base64, and to nothing else of a thought.
 * So that of another vendor's thinking holds all that this vendor has to be shown again, behind a mark.
 */
const MARK = "envoy-ai-gateway:";

interface Kept {
  /** The thinking, where the client does not get to see it. */
  text?: string;
  signature?: string;
  redacted?: string;
}

/** @param hidden the client does not want to see thoughts */
export function thoughtSignature(
  thinking: { text: string; signature: string } | { redacted: string },
  hidden: boolean,
): string | undefined {
  if ("redacted" in thinking) return keep({ redacted: thinking.redacted });
  const { text, signature } = thinking;
  if (signature === "") return undefined;
  const google = readSignature(signature);
  return google ?? keep({ signature, ...(hidden && text !== "" ? { text } : {}) });
}

const keep = (kept: Kept): string =>
  Buffer.from(`${MARK}${JSON.stringify(kept)}`).toString("base64");

/** What a part's signature stands for; `text` is the part's own, where it is a thought. */
export function readThought(
  text: string,
  signature: string | undefined,
): ThinkingPart | RedactedThinkingPart {
  if (signature === undefined) return { type: "thinking", text };
  const kept = keptIn(signature);
  if (kept === undefined) return { type: "thinking", text, signature: markSignature(signature) };
  if (kept.redacted !== undefined) return { type: "redacted-thinking", data: kept.redacted };
  const own = kept.signature === undefined ? {} : { signature: kept.signature };
  return { type: "thinking", text: kept.text ?? text, ...own };
}

function keptIn(signature: string): Kept | undefined {
  const bytes = Buffer.from(signature, "base64").toString("utf8");
  if (!bytes.startsWith(MARK)) return undefined;
  try {
    const { text, signature: own, redacted } = Object(JSON.parse(bytes.slice(MARK.length)));
    return {
      ...(typeof text === "string" ? { text } : {}),
      ...(typeof own === "string" ? { signature: own } : {}),
      ...(typeof redacted === "string" ? { redacted } : {}),
    };
  } catch {
    return undefined;
  }
}
