import { scanObject } from "../lib/json-splice.ts";
import { sseParser } from "../lib/sse.ts";
import type { Usage, UsageField } from "../lib/usage.ts";
import type { NativeUsage, UsageObserver } from "./provider.ts";

type Selectors = NativeUsage["json"];

/**
 * Reads usage and model at the same places where Envoy's own filters find them. Of a whole answer
 * only the members that they stand in are parsed, so that megabytes of vectors or pictures beside
 * them cost a scan. Broken answers are not its business.
 */
export function observeBySelectors({ json, sse }: NativeUsage, stream: boolean): UsageObserver {
  const found = new Findings();
  const results = { usage: () => found.usage, model: () => found.model };
  if (!stream) {
    const chunks: Buffer[] = [];
    return {
      push: (chunk) => void (hasSelectors(json) && chunks.push(chunk)),
      finish: () => found.look(json, membersOf(Buffer.concat(chunks), json)),
      ...results,
    };
  }
  const events = sseParser();
  const marks = marksOf(sse);
  return {
    push(chunk) {
      if (marks.length === 0) return;
      for (const { data } of events.push(chunk)) {
        // Most events have no usage: a search is far cheaper than parsing them all.
        if (marks.some((mark) => data.includes(mark)) || (sse.model && found.model === undefined)) {
          found.look(sse, parsed(data));
        }
      }
    },
    finish: () => {},
    ...results,
  };
}

/** No answer of this protocol says what it cost. */
export const observeNothing = (): UsageObserver => ({
  push: () => {},
  finish: () => {},
  usage: () => undefined,
  model: () => undefined,
});

class Findings {
  usage: Usage | undefined;
  model: string | undefined;

  look(selectors: Selectors, answer: unknown): void {
    for (const [field, selector] of Object.entries(selectors) as [UsageField, string[]][]) {
      const value = selector.reduce<unknown>((node, key) => memberOf(node, key), answer);
      if (field === "model") {
        if (typeof value === "string") this.model = value;
      } else if (typeof value === "number" && field !== "uncachedInputTokens") {
        this.usage = { ...this.usage, [field]: value };
      }
    }
  }
}

const hasSelectors = (selectors: Selectors): boolean => Object.keys(selectors).length > 0;

/** Texts that stand in every event with usage. */
const marksOf = (selectors: Selectors): string[] => [
  ...new Set(
    Object.entries(selectors).flatMap(([field, selector]) =>
      field === "model" ? [] : [`"${selector.at(-1)}"`],
    ),
  ),
];

/** The top-level members that the selectors begin with. */
function membersOf(answer: Buffer, selectors: Selectors): Record<string, unknown> {
  const roots = new Set(Object.values(selectors).map(([root]) => root));
  if (roots.size === 0) return {};
  try {
    const wanted = scanObject(answer).filter(({ key }) => roots.has(key));
    return Object.fromEntries(
      wanted.map(({ key, start, end }) => [key, parsed(answer.toString("utf8", start, end))]),
    );
  } catch {
    return {};
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const memberOf = (node: unknown, key: string): unknown =>
  typeof node === "object" && node !== null && Object.hasOwn(node, key)
    ? (node as Record<string, unknown>)[key]
    : undefined;
