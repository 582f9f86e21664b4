import { inputTokens } from "../script.ts";
import type { Segment } from "./prompt.ts";

/** Input tokens, each in one of the three. */
export interface CacheCounts {
  uncached: number;
  read: number;
  created: { "5m": number; "1h": number };
}

/**
 * Remembers prompts up to their breakpoints, for as long as the stand-in runs: what was sent before
 * is read, the rest up to the last breakpoint is created. Prompts of any length are cached, so that
 * tests can be short; the real API wants some thousand tokens.
 */
export class PromptCache {
  readonly #seen = new Set<string>();

  count(segments: readonly Segment[]): CacheCounts {
    const counts: CacheCounts = { uncached: 0, read: 0, created: { "5m": 0, "1h": 0 } };
    let key = "";
    let pending = 0;
    for (const segment of segments) {
      pending += inputTokens({ texts: [segment.text], images: segment.images });
      key += `${JSON.stringify(segment)}\n`;
      if (segment.cache === undefined) continue;
      if (this.#seen.has(key)) counts.read += pending;
      else counts.created[segment.cache] += pending;
      this.#seen.add(key);
      pending = 0;
    }
    counts.uncached = pending;
    return counts;
  }
}
