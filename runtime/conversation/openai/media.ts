import { unsupported } from "../../lib/errors.ts";
import type { UserPart } from "../../schemas/openai/request.ts";
import type { AudioPart, DocumentPart, ImagePart, MediaSource } from "../conversation.ts";

const AUDIO_FORMATS: Readonly<Record<string, "wav" | "mp3">> = {
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/mp3": "mp3",
  "audio/mpeg": "mp3",
};

/** @throws {UserError} 422 for a file that only its provider knows */
export const encodeImage = ({ source, detail }: ImagePart): UserPart => ({
  type: "image_url",
  image_url: { url: urlOf("image", source), ...(detail === undefined ? {} : { detail }) },
});

/** @throws {UserError} 422 unless it is WAV or MP3 sent inline */
export function encodeAudio({ source }: AudioPart): UserPart {
  const format = source.kind === "base64" ? AUDIO_FORMATS[source.mediaType] : undefined;
  if (source.kind === "base64" && format !== undefined) {
    return { type: "input_audio", input_audio: { data: source.data, format } };
  }
  throw unsupported(
    "OpenAI takes audio only inline in base64, as WAV or MP3: send it so, or its transcript",
    "messages",
  );
}

/**
 * A document as a file, if it is one; texts go into the prompt, as OpenAI's files are PDF.
 * @throws {UserError} 422 for documents behind a URL, which OpenAI does not fetch
 */
export function encodeDocument(document: DocumentPart): UserPart[] {
  const { source, title, context } = document;
  const heading = [title, context].filter((line) => line !== undefined && line !== "");
  const headed = (parts: UserPart[]): UserPart[] =>
    heading.length === 0 ? parts : [{ type: "text", text: heading.join("\n") }, ...parts];
  switch (source.kind) {
    case "text":
      return headed([{ type: "text", text: source.text }]);
    case "content":
      return headed(source.content.flatMap(encodeDocumentPart));
    case "base64": {
      const file_data = urlOf("document", source);
      const filename = fileName(title, source.mediaType);
      const file: UserPart = { type: "file", file: { file_data, filename } };
      return context === undefined ? [file] : [{ type: "text", text: context }, file];
    }
    default:
      throw unsupported(
        "OpenAI neither fetches documents nor knows another provider's files: send the document inline in base64",
        "messages",
      );
  }
}

function encodeDocumentPart(
  part: Extract<DocumentPart["source"], { kind: "content" }>["content"][number],
): UserPart[] {
  if (part.type === "text") return [{ type: "text", text: part.text }];
  if (part.type === "image") return [encodeImage(part)];
  throw unsupported(`OpenAI does not take a part of type ${part.type} in a document`, "messages");
}

function urlOf(what: string, source: MediaSource): string {
  switch (source.kind) {
    case "base64":
      return `data:${source.mediaType};base64,${source.data}`;
    case "url":
      return source.url;
    case "file":
      throw unsupported(
        `the provider of this model does not know the file "${source.fileId}": send the ${what} inline in base64`,
        "messages",
      );
  }
}

/** OpenAI tells by the ending of its name what a file is. */
function fileName(title: string | undefined, mediaType: string): string {
  const ending = mediaType === "application/pdf" ? ".pdf" : `.${mediaType.split("/").at(-1)}`;
  const name = title === undefined || title === "" ? "document" : title;
  return name.toLowerCase().endsWith(ending) ? name : `${name}${ending}`;
}
