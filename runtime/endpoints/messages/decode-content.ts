import type {
  CacheControl,
  DocumentPart,
  MediaSource,
  Part,
  TextPart,
} from "../../conversation/conversation.ts";
import { unprocessable, unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";

/**
 * What Anthropic's own tools leave in a conversation. No other provider can read it, and the model
 * that goes on from it needs it.
 */
const SERVER_TOOL_BLOCK =
  /^(server_tool_use|mcp_tool_use|.+_tool_result|tool_reference|container_upload|browser_state|compaction)$/;

/** A message's content: a text, or blocks. @throws {UserError} 422 naming the block at fault */
export const decodeContent = (content: Field): Part[] => textOr(content, decodeBlock);

/** A system prompt: a text, or blocks of text. */
export const decodeTexts = (content: Field): TextPart[] =>
  textOr(content, (block) => {
    block.get("type").oneOf(["text"]);
    return decodeText(block);
  });

function textOr<Read>(content: Field, read: (block: Field) => Read): (Read | TextPart)[] {
  if (typeof content.value === "string") return [{ type: "text", text: content.value }];
  if (!Array.isArray(content.value)) throw content.wrong("a string or an array of content blocks");
  return content.items().map(read);
}

export function decodeCache(block: Field): CacheControl | undefined {
  return block.get("cache_control").optional((control) => {
    control.get("type").oneOf(["ephemeral"]);
    return present({ ttl: control.get("ttl").optional((ttl) => ttl.oneOf(["5m", "1h"])) });
  });
}

function decodeBlock(block: Field): Part {
  const type = block.get("type");
  switch (type.string()) {
    case "text":
      return decodeText(block);
    case "image":
      return {
        type: "image",
        source: decodeMedia(block.get("source")),
        ...present({ cache: decodeCache(block) }),
      };
    case "document":
      return decodeDocument(block);
    case "search_result":
      return decodeSearchResult(block);
    case "tool_use":
      // Who called it: of the gateway's own answers, the model itself.
      block.get("caller");
      return {
        type: "tool-use",
        id: block.get("id").string(),
        name: block.get("name").string(),
        input: block.get("input").record(),
        ...present({ cache: decodeCache(block) }),
      };
    case "tool_result":
      return {
        type: "tool-result",
        toolUseId: block.get("tool_use_id").string(),
        content: block.get("content").optional(decodeInner) ?? [],
        ...present({
          isError: block.get("is_error").optional((field) => field.boolean()),
          cache: decodeCache(block),
        }),
      };
    case "thinking":
      return {
        type: "thinking",
        text: block.get("thinking").string(),
        // Clients that fill in every member write an empty signature where there is none.
        ...present({
          signature: block.get("signature").optional((field) => field.string()) || undefined,
        }),
      };
    case "redacted_thinking":
      return { type: "redacted-thinking", data: block.get("data").string() };
    default:
      throw unknownBlock(type);
  }
}

function decodeText(block: Field): TextPart {
  const citations = block.get("citations").optional((field) => field.items()) ?? [];
  return {
    type: "text",
    text: block.get("text").string(),
    ...present({
      citations: citations.length === 0 ? undefined : citations.map(({ value }) => value),
      cache: decodeCache(block),
    }),
  };
}

/** What a tool result or a document can hold. */
function decodeInner(content: Field): Part[] {
  return textOr(content, (block) => {
    const part = decodeBlock(block);
    if (part.type === "text" || part.type === "image" || part.type === "document") return part;
    throw block.get("type").wrong("text, image, document or search_result");
  });
}

function decodeMedia(source: Field): MediaSource {
  switch (source.get("type").oneOf(["base64", "url", "file"])) {
    case "base64":
      return {
        kind: "base64",
        mediaType: source.get("media_type").string(),
        data: source.get("data").string(),
      };
    case "url":
      return { kind: "url", url: source.get("url").string() };
    case "file":
      return { kind: "file", fileId: source.get("file_id").string() };
  }
}

function decodeDocument(block: Field): DocumentPart {
  return {
    type: "document",
    source: decodeDocumentSource(block.get("source")),
    ...present({
      title: block.get("title").optional((field) => field.string()),
      context: block.get("context").optional((field) => field.string()),
      citations: decodeCitationsSwitch(block),
      cache: decodeCache(block),
    }),
  };
}

function decodeDocumentSource(source: Field): DocumentPart["source"] {
  switch (source.get("type").oneOf(["base64", "url", "file", "text", "content"])) {
    case "text":
      // Always plain text.
      source.get("media_type");
      return { kind: "text", text: source.get("data").string() };
    case "content":
      return { kind: "content", content: decodeInner(source.get("content")) };
    case "url":
      // What Anthropic fetches as a document is PDF.
      return { kind: "url", url: source.get("url").string(), mediaType: "application/pdf" };
    default:
      return decodeMedia(source);
  }
}

/** A result of a search is a document made of texts, with a place that it comes from. */
function decodeSearchResult(block: Field): DocumentPart {
  return {
    type: "document",
    source: { kind: "content", content: block.get("content").items().map(decodeText) },
    title: block.get("title").string(),
    context: block.get("source").string(),
    ...present({ citations: decodeCitationsSwitch(block), cache: decodeCache(block) }),
  };
}

const decodeCitationsSwitch = (block: Field): boolean | undefined =>
  block
    .get("citations")
    .optional((field) => field.get("enabled").optional((enabled) => enabled.boolean()) ?? false);

function unknownBlock({ value, path }: Field): Error {
  return SERVER_TOOL_BLOCK.test(String(value))
    ? unsupported(
        `${path}: the provider of this model cannot read "${value}", which Anthropic's own tools leave`,
        path,
      )
    : unprocessable(`${path}: "${value}" is not a content block that is known`, path);
}
