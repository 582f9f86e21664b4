import type { ConversationEvent } from "../../../conversation/events.ts";
import type { CohereCitation } from "../../../schemas/cohere/response.ts";
import { documentIndex } from "./documents.ts";

type Document = Readonly<Record<string, unknown>>;

/** What a citation names, each source apart, in Anthropic's shape, in which citations travel here. */
export function citationEvents(
  { start, end, sources }: CohereCitation,
  index: number,
): ConversationEvent[] {
  const span = typeof start === "number" && typeof end === "number" ? { span: { start, end } } : {};
  return (sources ?? []).map(({ type, id, document, tool_output }) => ({
    type: "citation" as const,
    index,
    citation:
      type === "tool" ? ofTool(id ?? "", tool_output ?? {}) : ofDocument(id, document ?? {}),
    ...span,
  }));
}

function ofDocument(id: string | null | undefined, document: Document): Record<string, unknown> {
  const url = textOf(document, ["url"]);
  const title = textOf(document, ["title"]) ?? null;
  const cited_text = textOf(document, ["snippet", "text", "content"]) ?? "";
  if (url !== undefined) {
    return { type: "web_search_result_location", cited_text, url, title, encrypted_index: "" };
  }
  const at = documentIndex(id);
  // Cohere cites documents as wholes, each of which is a block.
  if (at === undefined) return searchResult(id ?? "", title, cited_text);
  return {
    type: "content_block_location",
    cited_text,
    document_index: at,
    document_title: title,
    file_id: null,
    start_block_index: 0,
    end_block_index: 1,
  };
}

const ofTool = (id: string, output: Document): Record<string, unknown> =>
  searchResult(id, textOf(output, ["title"]) ?? null, textOf(output, ["text", "content"]) ?? "");

const searchResult = (
  source: string,
  title: string | null,
  cited_text: string,
): Record<string, unknown> => ({
  type: "search_result_location",
  cited_text,
  source,
  title,
  search_result_index: 0,
  start_block_index: 0,
  end_block_index: 1,
});

function textOf(document: Document, names: readonly string[]): string | undefined {
  for (const name of names) if (typeof document[name] === "string") return document[name];
  return undefined;
}
