import type { DocumentPart, MediaSource } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import type { BlobSource, DocumentBlock, MediaBlock } from "../../schemas/bedrock/request.ts";

const IMAGE_FORMATS: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/jpg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};

const VIDEO_FORMATS: Readonly<Record<string, string>> = {
  "video/x-matroska": "mkv",
  "video/quicktime": "mov",
  "video/mp4": "mp4",
  "video/webm": "webm",
  "video/x-flv": "flv",
  "video/mpeg": "mpeg",
  "video/mpg": "mpg",
  "video/x-ms-wmv": "wmv",
  "video/wmv": "wmv",
  "video/3gpp": "three_gp",
};

const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/opus": "opus",
  "audio/aac": "aac",
  "audio/flac": "flac",
  "audio/mp4": "mp4",
  "audio/m4a": "m4a",
  "audio/ogg": "ogg",
  "audio/webm": "webm",
  "audio/pcm": "pcm",
  "audio/pcm16": "pcm",
};

const DOCUMENT_FORMATS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "text/html": "html",
  "text/plain": "txt",
  "text/markdown": "md",
};

export const encodeImage = (source: MediaSource): MediaBlock =>
  encodeMedia("image", source, IMAGE_FORMATS);

export const encodeVideo = (source: MediaSource): MediaBlock =>
  encodeMedia("video", source, VIDEO_FORMATS);

export const encodeAudio = (source: MediaSource): MediaBlock =>
  encodeMedia("audio", source, AUDIO_FORMATS);

function encodeMedia(
  what: string,
  source: MediaSource,
  formats: Readonly<Record<string, string>>,
): MediaBlock {
  const blob = encodeBlob(what, source);
  const format = formatOf(source, formats);
  if (format === undefined) throw badFormat(what, source, formats);
  return { format, source: blob };
}

/** @param name as Converse wants it: see `documentNames` */
export function encodeDocument(part: DocumentPart, name: string): DocumentBlock {
  return {
    name,
    ...documentSource(part.source),
    ...(part.context === undefined ? {} : { context: part.context }),
    ...(part.citations === true ? { citations: { enabled: true } } : {}),
  };
}

function documentSource(source: DocumentPart["source"]): Pick<DocumentBlock, "format" | "source"> {
  switch (source.kind) {
    case "text":
      return { format: "txt", source: { text: source.text } };
    case "content":
      return {
        source: {
          content: source.content.map((part) => {
            if (part.type === "text") return { text: part.text };
            throw unsupported(
              `AWS Bedrock takes only text in the content of a document, not a part of type ${part.type}`,
              "messages",
            );
          }),
        },
      };
    default: {
      const format = formatOf(source, DOCUMENT_FORMATS);
      if (format === undefined) throw badFormat("document", source, DOCUMENT_FORMATS);
      return { format, source: encodeBlob("document", source) };
    }
  }
}

/** Converse fetches nothing but objects in S3. */
function encodeBlob(what: string, source: MediaSource): BlobSource {
  if (source.kind === "base64") return { bytes: source.data };
  if (source.kind === "url" && source.url.startsWith("s3://")) {
    return { s3Location: { uri: source.url } };
  }
  throw unsupported(
    source.kind === "url"
      ? `AWS Bedrock does not fetch URLs: send the ${what} inline in base64, or as an s3:// URI`
      : `AWS Bedrock has no uploaded files: send the ${what} inline in base64`,
    "messages",
  );
}

/** By media type, or by the ending of an object's name where there is none. */
function formatOf(
  source: MediaSource,
  formats: Readonly<Record<string, string>>,
): string | undefined {
  if (source.kind === "file") return undefined;
  const mediaType = source.mediaType?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== undefined && mediaType !== "") return formats[mediaType];
  const ending =
    source.kind === "url" ? /\.([a-z0-9]+)$/i.exec(source.url)?.[1]?.toLowerCase() : "";
  const format = ending === "jpg" ? "jpeg" : ending;
  return Object.values(formats).find((known) => known === format);
}

const badFormat = (
  what: string,
  source: MediaSource,
  formats: Readonly<Record<string, string>>,
): Error =>
  unsupported(
    `AWS Bedrock does not take this ${what} format (${
      (source.kind === "file" ? undefined : source.mediaType) ?? "unknown"
    }); it takes ${[...new Set(Object.values(formats))].join(", ")}`,
    "messages",
  );
