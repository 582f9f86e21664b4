import type { Citation } from "../../schemas/bedrock/response.ts";

/**
 * Citations travel inside the gateway in Anthropic's wire shape, Bedrock's are its near twins:
 * locations in documents by character, page or block, and in search results.
 */
export function toAnthropicCitation(citation: Citation): Record<string, unknown> {
  const { documentChar, documentPage, documentChunk, searchResultLocation, web } =
    citation.location ?? {};
  const cited_text = (citation.sourceContent ?? []).map(({ text }) => text ?? "").join("");
  const title = citation.title ?? null;
  const inDocument = { cited_text, document_title: title, file_id: null };

  if (documentPage !== undefined) {
    return {
      type: "page_location",
      ...inDocument,
      document_index: documentPage.documentIndex ?? 0,
      start_page_number: documentPage.start ?? 0,
      end_page_number: documentPage.end ?? 0,
    };
  }
  if (documentChunk !== undefined) {
    return {
      type: "content_block_location",
      ...inDocument,
      document_index: documentChunk.documentIndex ?? 0,
      start_block_index: documentChunk.start ?? 0,
      end_block_index: documentChunk.end ?? 0,
    };
  }
  if (searchResultLocation !== undefined) {
    return {
      type: "search_result_location",
      cited_text,
      title,
      source: citation.source ?? "",
      search_result_index: searchResultLocation.searchResultIndex ?? 0,
      start_block_index: searchResultLocation.start ?? 0,
      end_block_index: searchResultLocation.end ?? 0,
    };
  }
  // Without an address, as Bedrock has it of documents now and then, only the passage is known.
  if (web?.url) {
    return {
      type: "web_search_result_location",
      cited_text,
      title,
      url: web.url,
      encrypted_index: "",
    };
  }
  return {
    type: "char_location",
    ...inDocument,
    document_index: documentChar?.documentIndex ?? 0,
    start_char_index: documentChar?.start ?? 0,
    end_char_index: documentChar?.end ?? 0,
  };
}

/** Undefined for shapes that Bedrock has no place for. */
export function fromAnthropicCitation(citation: unknown): Citation | undefined {
  if (typeof citation !== "object" || citation === null) return undefined;
  const fields = citation as Record<string, unknown>;
  const location = locationOf(fields);
  if (location === undefined) return undefined;
  const title = text(fields.document_title) ?? text(fields.title);
  const source = text(fields.source);
  const citedText = text(fields.cited_text);
  return {
    ...(title === undefined ? {} : { title }),
    ...(source === undefined ? {} : { source }),
    ...(citedText === undefined ? {} : { sourceContent: [{ text: citedText }] }),
    location,
  };
}

function locationOf(fields: Record<string, unknown>): Citation["location"] | undefined {
  const inDocument = (start: unknown, end: unknown) => ({
    documentIndex: number(fields.document_index),
    start: number(start),
    end: number(end),
  });
  switch (fields.type) {
    case "char_location":
      return { documentChar: inDocument(fields.start_char_index, fields.end_char_index) };
    case "page_location":
      return { documentPage: inDocument(fields.start_page_number, fields.end_page_number) };
    case "content_block_location":
      return { documentChunk: inDocument(fields.start_block_index, fields.end_block_index) };
    case "search_result_location":
      return {
        searchResultLocation: {
          searchResultIndex: number(fields.search_result_index),
          start: number(fields.start_block_index),
          end: number(fields.end_block_index),
        },
      };
    default:
      return undefined;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
