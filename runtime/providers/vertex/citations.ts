import type { TextSpan } from "../../conversation/events.ts";
import type { Grounding, Place, Recitations, Segment } from "../../schemas/gemini/response.ts";

/** A citation in Anthropic's shape, in which citations travel inside the gateway, and what it is about. */
export interface CitationEvent {
  citation: Record<string, unknown>;
  span?: TextSpan;
}

/** Where an answer is grounded, each source apart. @param text the answer so far */
export function groundingCitations(
  { groundingChunks, groundingSupports }: Grounding,
  text: string,
): CitationEvent[] {
  return (groundingSupports ?? []).flatMap(({ segment, groundingChunkIndices }) =>
    (groundingChunkIndices ?? []).flatMap((at): CitationEvent[] => {
      const chunk = groundingChunks?.[at];
      const cited_text = segment?.text ?? "";
      const place = spanned(segment, text);
      const web = chunk?.web ?? chunk?.maps;
      if (web?.uri != null) return [{ citation: ofWeb(web, cited_text), ...place }];
      const stored = chunk?.retrievedContext;
      return stored == null ? [] : [{ citation: ofStore(stored, cited_text, at), ...place }];
    }),
  );
}

/** What of an answer was written elsewhere before. */
export const recitationCitations = ({ citations }: Recitations, text: string): CitationEvent[] =>
  (citations ?? []).flatMap((cited) =>
    cited.uri == null ? [] : [{ citation: ofWeb(cited, ""), ...spanned(cited, text) }],
  );

const ofWeb = ({ uri, title }: Place, cited_text: string): Record<string, unknown> => ({
  type: "web_search_result_location",
  cited_text,
  url: uri ?? "",
  title: title ?? null,
  encrypted_index: "",
});

const ofStore = ({ uri, title }: Place, cited_text: string, at: number) => ({
  type: "search_result_location",
  cited_text,
  source: uri ?? "",
  title: title ?? null,
  search_result_index: at,
  start_block_index: 0,
  end_block_index: 1,
});

/** Google counts bytes of UTF-8; where its count and its text disagree, the text is looked for. */
function spanned(segment: Segment | null | undefined, text: string): { span?: TextSpan } {
  if (segment?.endIndex == null) return {};
  const bytes = Buffer.from(text);
  const start = bytes.toString("utf8", 0, segment.startIndex ?? 0).length;
  const end = bytes.toString("utf8", 0, segment.endIndex).length;
  const said = segment.text;
  if (said == null || text.slice(start, end) === said) return { span: { start, end } };
  const found = text.indexOf(said);
  return found < 0 ? {} : { span: { start: found, end: found + said.length } };
}
