import type {
  AudioPart,
  CacheControl,
  DocumentPart,
  ImagePart,
  MediaSource,
  Part,
  TextPart,
  VideoPart,
} from "../../conversation/conversation.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";

const USER_PARTS = ["text", "image_url", "input_audio", "audio_url", "video_url", "file"] as const;

/** Contents of a user message: a string or parts. */
export const userParts = (content: Field): Part[] =>
  typeof content.value === "string"
    ? [{ type: "text", text: content.value }]
    : content.items().map(userPart);

/** Contents of messages that take text only. */
export const textParts = (content: Field): TextPart[] =>
  typeof content.value === "string"
    ? [{ type: "text", text: content.value }]
    : content.items().map((part) => {
        part.get("type").oneOf(["text"]);
        return textPart(part);
      });

export const textPart = (part: Field): TextPart => ({
  type: "text",
  text: part.get("text").string(),
  ...present({ cache: cacheControl(part) }),
});

/**
 * A breakpoint of the prompt cache: Anthropic's `cache_control`, which OpenAI's shape carries as an
 * extension, or OpenAI's own, whose cache lives for half an hour at least.
 */
export function cacheControl(field: Field): CacheControl | undefined {
  const own = field.get("prompt_cache_breakpoint");
  return field.get("cache_control").optional(ephemeral) ?? (own.absent ? undefined : { ttl: "1h" });
}

function ephemeral(cache: Field): CacheControl {
  cache.get("type").oneOf(["ephemeral"]);
  return present({ ttl: cache.get("ttl").optional((ttl) => ttl.oneOf(["5m", "1h"])) });
}

function userPart(part: Field): Part {
  switch (part.get("type").oneOf(USER_PARTS)) {
    case "text":
      return textPart(part);
    case "image_url":
      return imagePart(part);
    case "input_audio":
      return inputAudio(part.get("input_audio"));
    case "audio_url":
      return { type: "audio", source: urlSource(part.get("audio_url").get("url")) };
    case "video_url":
      return videoPart(part);
    case "file":
      return filePart(part);
  }
}

function imagePart(part: Field): ImagePart {
  const image = part.get("image_url");
  const detail = image
    .get("detail")
    .optional((field) => field.oneOf(["auto", "low", "medium", "high"]));
  return {
    type: "image",
    source: urlSource(image.get("url")),
    // `medium` is one vendor's own; leaving it out leaves the choice to the model.
    ...present({ detail: detail === "medium" ? undefined : detail, cache: cacheControl(part) }),
  };
}

const videoPart = (part: Field): VideoPart => ({
  type: "video",
  source: urlSource(part.get("video_url").get("url")),
});

const AUDIO_TYPES: Readonly<Record<string, string>> = { mp3: "audio/mpeg", wav: "audio/wav" };

function inputAudio(audio: Field): AudioPart {
  const format = audio.get("format").nonEmptyString();
  const mediaType = AUDIO_TYPES[format] ?? `audio/${format}`;
  return {
    type: "audio",
    source: { kind: "base64", mediaType, data: audio.get("data").nonEmptyString() },
  };
}

function filePart(part: Field): DocumentPart {
  const file = part.get("file");
  const title = file.get("filename").optional((name) => name.string());
  const fileId = file.get("file_id").optional((id) => id.nonEmptyString());
  return {
    type: "document",
    source:
      fileId === undefined ? fileData(file.get("file_data"), title) : { kind: "file", fileId },
    ...present({ title, cache: cacheControl(part) }),
  };
}

const FILE_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  html: "text/html",
  md: "text/markdown",
  txt: "text/plain",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** A data URL, or bare base64 whose kind shows in the name; PDF is what the API is made for. */
export function fileData(field: Field, filename: string | undefined): MediaSource {
  const text = field.nonEmptyString();
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return urlSource(field);
  const ending = filename?.split(".").at(-1)?.toLowerCase() ?? "";
  return { kind: "base64", mediaType: FILE_TYPES[ending] ?? "application/pdf", data: text };
}

const DATA_URL = /^data:([^,;]*)((?:;[^,;]*)*),/i;

/** A `data:` URL's bytes, or the URL of a place where the provider can read them. */
export function urlSource(field: Field): MediaSource {
  const url = field.nonEmptyString();
  if (/^data:/i.test(url)) return dataUrlSource(url, field);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return { kind: "url", url };
  throw field.wrong("an absolute URL or a data: URL");
}

function dataUrlSource(url: string, field: Field): MediaSource {
  const [head, mediaType, parameters] = DATA_URL.exec(url.slice(0, 1024)) ?? [];
  if (head === undefined || mediaType === undefined || parameters === undefined) {
    throw field.wrong("a data: URL of the form data:<media type>;base64,<data>");
  }
  const payload = url.slice(head.length);
  return {
    kind: "base64",
    mediaType: mediaType === "" ? "text/plain" : mediaType.toLowerCase(),
    data: /;base64$/i.test(parameters) ? payload : percentToBase64(payload, field),
  };
}

function percentToBase64(payload: string, field: Field): string {
  try {
    return Buffer.from(decodeURIComponent(payload)).toString("base64");
  } catch {
    throw field.wrong("a data: URL with its data in base64 or percent-encoded UTF-8");
  }
}
