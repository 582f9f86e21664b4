import { z } from "zod";
import {
  blob,
  cachePoint,
  oneOf,
  source,
  sourceMembers,
  text,
  toolName,
  toolUseId,
} from "./shapes.ts";

const image = z.strictObject({ format: z.enum(["png", "jpeg", "gif", "webp"]), source });

const video = z.strictObject({
  format: z.enum(["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"]),
  source,
});

const AUDIO_FORMATS = "mp3 opus wav aac flac mp4 ogg mkv mka x-aac m4a mpeg mpga pcm webm".split(
  " ",
);
const audio = z.strictObject({ format: z.enum(AUDIO_FORMATS), source });

const citationsConfig = z.strictObject({ enabled: z.boolean() });

const document = z.strictObject({
  format: z.enum(["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"]).optional(),
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(
      /^[a-zA-Z0-9()[\]-]+( [a-zA-Z0-9()[\]-]+)*$/,
      "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character.",
    ),
  source: oneOf({
    ...sourceMembers,
    text: z.string(),
    content: z.array(oneOf({ text: z.string() })),
  }),
  context: z.string().optional(),
  citations: citationsConfig.optional(),
});

const searchResult = z.strictObject({
  source: z.string(),
  title: z.string(),
  content: z.array(z.strictObject({ text: z.string() })),
  citations: citationsConfig.optional(),
});

export const guardContent = oneOf({
  text: z.strictObject({
    text: z.string(),
    qualifiers: z.array(z.enum(["grounding_source", "query", "guard_content"])).optional(),
  }),
  image: z.strictObject({ format: z.enum(["png", "jpeg"]), source: oneOf({ bytes: blob }) }),
});

const toolUse = z.strictObject({
  toolUseId,
  name: toolName,
  input: z.record(z.string(), z.unknown()),
  type: z.literal("server_tool_use").optional(),
});

const toolResult = z.strictObject({
  toolUseId,
  content: z.array(
    oneOf({ json: z.unknown(), text: z.string(), image, document, video, searchResult }),
  ),
  status: z.enum(["success", "error"]).optional(),
  type: z.string().optional(),
});

const reasoningContent = oneOf({
  reasoningText: z.strictObject({ text: z.string(), signature: z.string().optional() }),
  redactedContent: blob,
});

const index = z.int().min(0).optional();
const inDocument = z.strictObject({ documentIndex: index, start: index, end: index });

const citation = z.strictObject({
  title: z.string().optional(),
  source: z.string().optional(),
  sourceContent: z.array(oneOf({ text: z.string() })).optional(),
  location: oneOf({
    web: z.strictObject({ url: z.string().optional(), domain: z.string().optional() }),
    documentChar: inDocument,
    documentPage: inDocument,
    documentChunk: inDocument,
    searchResultLocation: z.strictObject({ searchResultIndex: index, start: index, end: index }),
  }).optional(),
});

const contentBlock = oneOf({
  text: z.string(),
  image,
  document,
  video,
  audio,
  toolUse,
  toolResult,
  guardContent,
  cachePoint,
  reasoningContent,
  citationsContent: z.strictObject({
    content: z.array(oneOf({ text })).optional(),
    citations: z.array(citation).optional(),
  }),
  searchResult,
});
export type ContentBlock = z.infer<typeof contentBlock>;
export type ToolResult = z.infer<typeof toolResult>;
export type Document = z.infer<typeof document>;

export const contentBlocks = z.array(contentBlock);
