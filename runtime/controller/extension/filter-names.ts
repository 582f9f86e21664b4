import { shortHash } from "../../lib/hash.ts";
import { EDIT_FILTER, EXTRACTION_FILTER } from "../xds/extraction-filter.ts";
import { USAGE_FILTER } from "../xds/usage-filters.ts";

/** Filters of ours in a listener that is shared with others; all are off unless a route turns them on. */
export const BUFFER_FILTER = "envoy.filters.http.buffer/aigateway";
export const SAVED_HEADERS_FILTER = "envoy.filters.http.set_filter_state/aigateway";

/** What every AI request goes through, whatever its route. */
export const ALWAYS: readonly string[] = [BUFFER_FILTER, EXTRACTION_FILTER, USAGE_FILTER];

/** What only some routes need. */
export const ON_DEMAND: readonly string[] = [EDIT_FILTER, SAVED_HEADERS_FILTER];

const marks = new Map<string, string>();

/** How a filter is named in the header that says which of them a request's route wants. */
export function mark(filter: string): string {
  const known = marks.get(filter);
  if (known !== undefined) return known;
  const made = `|${shortHash(filter).slice(0, 8)}|`;
  marks.set(filter, made);
  return made;
}

/** The value of that header; never empty, so that it is there whenever a route was chosen by model. */
export const wanted = (filters: readonly string[]): string =>
  filters.length === 0 ? "|" : filters.map(mark).join("");
