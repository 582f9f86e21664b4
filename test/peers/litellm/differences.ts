import type { Json } from "./sides.ts";

/**
 * Where two JSON values differ: `only ours: a.b`, `only LiteLLM: c[].d`, `differs: e`. Places in lists
 * are left out, and each difference comes once.
 */
export function differences(ours: unknown, theirs: unknown): string[] {
  const found = new Set<string>();
  compare(ours, theirs, "", found);
  return [...found];
}

function compare(ours: unknown, theirs: unknown, path: string, found: Set<string>): void {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length) {
      found.add(`differs: length of ${path}`);
      return;
    }
    for (const [index, item] of ours.entries()) compare(item, theirs[index], `${path}[]`, found);
    return;
  }
  if (isObject(ours) && isObject(theirs)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const at = path === "" ? key : `${path}.${key}`;
      if (!(key in theirs)) found.add(`only ours: ${at}`);
      else if (!(key in ours)) found.add(`only LiteLLM: ${at}`);
      else compare(ours[key], theirs[key], at, found);
    }
    return;
  }
  if (ours !== theirs) found.add(`differs: ${path}`);
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
