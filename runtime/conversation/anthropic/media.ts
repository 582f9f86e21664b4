import { unsupported } from "../../lib/errors.ts";
import type {
  Base64Source,
  ContentBlock,
  DocumentBlock,
  FileSource,
  ImageBlock,
} from "../../schemas/anthropic/request.ts";
import type { DocumentPart, MediaSource } from "../conversation.ts";

const IMAGE_TYPES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);
const MAX_TITLE_LENGTH = 500;

/** @throws {UserError} 422 for formats that Anthropic does not read */
export function encodeImage(source: MediaSource): ImageBlock["source"] {
  if (source.kind !== "base64") return encodeReference("image", source);
  const mediaType = plainType(source.mediaType);
  const media_type = mediaType === "image/jpg" ? "image/jpeg" : mediaType;
  if (IMAGE_TYPES.has(media_type)) return { type: "base64", media_type, data: source.data };
  throw unsupported(
    `Anthropic does not take images of type ${source.mediaType}; it takes ${[...IMAGE_TYPES].join(", ")}`,
    "messages",
  );
}

/**
 * @param encodeContent for documents that are made of parts
 * @throws {UserError} 422 for formats that Anthropic does not read
 */
export function encodeDocument(
  { source, title, context, citations }: DocumentPart,
  encodeContent: (parts: readonly DocumentContent[]) => ContentBlock[],
): DocumentBlock {
  return {
    type: "document",
    source: documentSource(source, encodeContent),
    ...(title === undefined || title === "" ? {} : { title: title.slice(0, MAX_TITLE_LENGTH) }),
    ...(context === undefined || context === "" ? {} : { context }),
    ...(citations === undefined ? {} : { citations: { enabled: citations } }),
  };
}

type DocumentContent = Extract<DocumentPart["source"], { kind: "content" }>["content"][number];

function documentSource(
  source: DocumentPart["source"],
  encodeContent: (parts: readonly DocumentContent[]) => ContentBlock[],
): DocumentBlock["source"] {
  switch (source.kind) {
    case "text":
      return { type: "text", media_type: "text/plain", data: source.text };
    case "content":
      return { type: "content", content: encodeContent(source.content) };
    case "base64":
      return inlineDocument(source);
    default:
      return encodeReference("document", source);
  }
}

/** Anthropic reads PDF in base64 and plain text as it is; text of any kind is plain enough. */
function inlineDocument({
  mediaType,
  data,
}: Extract<MediaSource, { kind: "base64" }>): Base64Source | DocumentBlock["source"] {
  const type = plainType(mediaType);
  if (type === "application/pdf") return { type: "base64", media_type: type, data };
  if (type.startsWith("text/") || type === "application/json") {
    const text = Buffer.from(data, "base64").toString("utf8");
    return { type: "text", media_type: "text/plain", data: text };
  }
  throw unsupported(
    `Anthropic does not take documents of type ${mediaType}: send application/pdf or text`,
    "messages",
  );
}

function encodeReference(
  what: string,
  source: Exclude<MediaSource, { kind: "base64" }>,
): FileSource {
  if (source.kind === "file") return { type: "file", file_id: source.fileId };
  if (/^https?:\/\//i.test(source.url)) return { type: "url", url: source.url };
  throw unsupported(
    `Anthropic fetches only https:// URLs: send the ${what} by one, or inline in base64`,
    "messages",
  );
}

const plainType = (mediaType: string): string =>
  mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
