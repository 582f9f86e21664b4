import type {
  CacheControl,
  DocumentPart,
  MediaSource,
  Part,
  TextPart,
} from "../../conversation/conversation.ts";
import { unprocessable, unsupported } from "../../lib/errors.ts";
import { type Fields, flag, list, object, oneOf, optional, text, textOrList } from "./fields.ts";

/**
 * What Anthropic's own tools leave in a conversation. No other provider can read it, and the model
 * that goes on from it needs it.
 */
const SERVER_TOOL_BLOCK =
  /^(server_tool_use|mcp_tool_use|.+_tool_result|tool_reference|container_upload|browser_state|compaction)$/;

export const textPart = (value: string): TextPart => ({ type: "text", text: value });

/** @throws {UserError} 422 for blocks that are wrong, or that only Anthropic itself understands */
export function decodeBlock(value: unknown, at: string): Part {
  const block = object(value, at);
  const type = text(block.type, `${at}.type`);
  switch (type) {
    case "text":
      return decodeText(block, at);
    case "image":
      return {
        type,
        source: decodeMedia(object(block.source, `${at}.source`), `${at}.source`),
        ...decodeCache(block, at),
      };
    case "document":
      return decodeDocument(block, at);
    case "search_result":
      return decodeSearchResult(block, at);
    case "tool_use":
      return {
        type: "tool-use",
        id: text(block.id, `${at}.id`),
        name: text(block.name, `${at}.name`),
        input: object(block.input, `${at}.input`),
        ...decodeCache(block, at),
      };
    case "tool_result":
      return {
        type: "tool-result",
        toolUseId: text(block.tool_use_id, `${at}.tool_use_id`),
        content: decodeInner(block.content ?? [], `${at}.content`),
        ...optional("isError", block.is_error, `${at}.is_error`, flag),
        ...decodeCache(block, at),
      };
    case "thinking": {
      const signature = text(block.signature ?? "", `${at}.signature`);
      return {
        type,
        text: text(block.thinking, `${at}.thinking`),
        ...(signature === "" ? {} : { signature }),
      };
    }
    case "redacted_thinking":
      return { type: "redacted-thinking", data: text(block.data, `${at}.data`) };
    default:
      throw unknownBlock(type, `${at}.type`);
  }
}

export function decodeText(block: Fields, at: string): TextPart {
  const citations = optional("citations", block.citations, `${at}.citations`, list);
  return {
    type: "text",
    text: text(block.text, `${at}.text`),
    ...(citations.citations?.length ? citations : {}),
    ...decodeCache(block, at),
  };
}

export function decodeCache({ cache_control }: Fields, at: string): { cache?: CacheControl } {
  return optional("cache", cache_control, `${at}.cache_control`, (value, where) => {
    const control = object(value, where);
    oneOf(["ephemeral"])(control.type, `${where}.type`);
    return optional("ttl", control.ttl, `${where}.ttl`, oneOf(["5m", "1h"]));
  });
}

/** What a tool result or a document can hold. */
function decodeInner(value: unknown, at: string): Part[] {
  return textOrList<Part>(value, at, textPart, (item, where) => {
    const part = decodeBlock(item, where);
    if (part.type === "text" || part.type === "image" || part.type === "document") return part;
    throw unprocessable(`${where}.type: text, image or document is needed here`, `${where}.type`);
  });
}

function decodeMedia(source: Fields, at: string): MediaSource {
  switch (source.type) {
    case "base64":
      return {
        kind: "base64",
        mediaType: text(source.media_type, `${at}.media_type`),
        data: text(source.data, `${at}.data`),
      };
    case "url":
      return { kind: "url", url: text(source.url, `${at}.url`) };
    case "file":
      return { kind: "file", fileId: text(source.file_id, `${at}.file_id`) };
    default:
      throw unprocessable(`${at}.type: a source of this type is not known`, `${at}.type`);
  }
}

function decodeDocument(block: Fields, at: string): DocumentPart {
  return {
    type: "document",
    source: decodeDocumentSource(object(block.source, `${at}.source`), `${at}.source`),
    ...optional("title", block.title, `${at}.title`, text),
    ...optional("context", block.context, `${at}.context`, text),
    ...decodeCitationsSwitch(block, at),
    ...decodeCache(block, at),
  };
}

function decodeDocumentSource(source: Fields, at: string): DocumentPart["source"] {
  if (source.type === "text") return { kind: "text", text: text(source.data, `${at}.data`) };
  if (source.type === "content") {
    return { kind: "content", content: decodeInner(source.content, `${at}.content`) };
  }
  const media = decodeMedia(source, at);
  // What Anthropic fetches as a document is PDF.
  return media.kind === "url" ? { ...media, mediaType: "application/pdf" } : media;
}

/** A result of a search is a document made of texts, with a place that it comes from. */
function decodeSearchResult(block: Fields, at: string): DocumentPart {
  const content = list(block.content, `${at}.content`).map((item, index) => {
    const where = `${at}.content[${index}]`;
    return decodeText(object(item, where), where);
  });
  return {
    type: "document",
    source: { kind: "content", content },
    title: text(block.title, `${at}.title`),
    context: text(block.source, `${at}.source`),
    ...decodeCitationsSwitch(block, at),
    ...decodeCache(block, at),
  };
}

function decodeCitationsSwitch({ citations }: Fields, at: string): { citations?: boolean } {
  return optional("citations", citations, `${at}.citations`, (value, where) =>
    flag(object(value, where).enabled ?? false, `${where}.enabled`),
  );
}

const unknownBlock = (type: string, at: string): Error =>
  SERVER_TOOL_BLOCK.test(type)
    ? unsupported(
        `${at}: the provider of this model cannot read "${type}", which Anthropic's own tools leave`,
        at,
      )
    : unprocessable(`${at}: "${type}" is not a content block that is known`, at);
