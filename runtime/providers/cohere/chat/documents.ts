import type { DocumentPart } from "../../../conversation/conversation.ts";
import { unsupported } from "../../../lib/errors.ts";
import type { CohereDocument } from "../../../schemas/cohere/request.ts";

/** A document as its texts. @throws {UserError} 422 for what is no text: Cohere's models read no files */
function textsOf({ source }: DocumentPart): string[] {
  switch (source.kind) {
    case "text":
      return [source.text];
    case "content":
      return source.content.map((part) => {
        if (part.type === "text") return part.text;
        throw unsupported(
          `Cohere does not take a part of type ${part.type} in a document`,
          "messages",
        );
      });
    case "base64":
      if (source.mediaType.startsWith("text/")) {
        return [Buffer.from(source.data, "base64").toString("utf8")];
      }
  }
  throw unsupported(
    "Cohere takes documents as text: send the document's text in place of the file",
    "messages",
  );
}

/** As a part of what the user says. */
export const inlineDocument = (part: DocumentPart): string =>
  [part.title, part.context, ...textsOf(part)]
    .filter((line) => line !== undefined && line !== "")
    .join("\n");

/** As something that the model may cite. */
export const citedDocument = (part: DocumentPart, id?: string): CohereDocument => ({
  ...(id === undefined ? {} : { id }),
  data: {
    ...(part.title === undefined ? {} : { title: part.title }),
    ...(part.context === undefined ? {} : { context: part.context }),
    text: textsOf(part).join("\n"),
  },
});

const ID = /^gateway-document-(\d+)$/;

/** Names the request's nth document, so that citations of it can be told. */
export const documentId = (n: number): string => `gateway-document-${n}`;

/** The number that {@link documentId} made the id of. */
export function documentIndex(id: string | null | undefined): number | undefined {
  const [, digits] = ID.exec(id ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits);
}
