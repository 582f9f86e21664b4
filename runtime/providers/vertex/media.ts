import type { DocumentPart, MediaSource, Part } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import type { Part as WirePart } from "../../schemas/gemini/request.ts";

/** Google wants to be told what stands behind a URL. */
const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  heic: "image/heic",
  pdf: "application/pdf",
  txt: "text/plain",
  wav: "audio/wav",
  mp3: "audio/mp3",
  m4a: "audio/m4a",
  flac: "audio/flac",
  ogg: "audio/ogg",
  mp4: "video/mp4",
  mov: "video/mov",
  webm: "video/webm",
  mpeg: "video/mpeg",
};

/** Pictures mostly have addresses that say nothing; Gemini looks at the bytes. */
const USUAL: Readonly<Record<string, string>> = {
  image: "image/jpeg",
  document: "application/pdf",
};

/** @throws {UserError} 422 for files of other vendors, and URLs that say nothing of what is there */
export function encodeMedia(what: string, source: MediaSource): WirePart {
  switch (source.kind) {
    case "base64":
      return { inlineData: { mimeType: plainType(source.mediaType), data: source.data } };
    case "url": {
      const mimeType = source.mediaType ?? typeOfUrl(source.url) ?? USUAL[what];
      if (mimeType === undefined) {
        throw unsupported(
          `Vertex AI has to be told the type of the ${what}: send it inline in base64, or by a URL whose path ends in one of ${Object.keys(TYPES).join(", ")}`,
          "messages",
        );
      }
      return { fileData: { mimeType, fileUri: source.url } };
    }
    case "file":
      throw unsupported(
        `Vertex AI does not know the file "${source.fileId}": send the ${what} inline in base64, or by a gs:// or https:// URL`,
        "messages",
      );
  }
}

/** @throws {UserError} 422 as above */
export function encodeDocument(
  { source, title, context }: DocumentPart,
  encodePart: (part: Part) => WirePart[],
): WirePart[] {
  const heading = [title, context].filter((line) => line !== undefined && line !== "").join("\n");
  const headed = heading === "" ? [] : [{ text: heading }];
  switch (source.kind) {
    case "text":
      return [...headed, { text: source.text }];
    case "content":
      return [...headed, ...source.content.flatMap(encodePart)];
    default:
      return [...headed, encodeMedia("document", source)];
  }
}

function typeOfUrl(url: string): string | undefined {
  const path = url.split(/[?#]/)[0] ?? "";
  return TYPES[/\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ""];
}

const plainType = (mediaType: string): string => {
  const type = mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "image/jpg" ? "image/jpeg" : type;
};
