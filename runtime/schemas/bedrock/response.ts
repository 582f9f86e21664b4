import { z } from "zod";

/**
 * Answers of Converse and ConverseStream, as far as the gateway reads them. Loose: members that are
 * not named here are new, or of no use to a client, and are passed over.
 */
const rangeSchema = z.object({
  documentIndex: z.number().optional(),
  searchResultIndex: z.number().optional(),
  start: z.number().optional(),
  end: z.number().optional(),
});

const citationSchema = z.object({
  title: z.string().optional(),
  source: z.string().optional(),
  sourceContent: z.array(z.object({ text: z.string().optional() })).optional(),
  location: z
    .object({
      documentChar: rangeSchema.optional(),
      documentPage: rangeSchema.optional(),
      documentChunk: rangeSchema.optional(),
      searchResultLocation: rangeSchema.optional(),
      web: z.object({ url: z.string().optional(), domain: z.string().optional() }).optional(),
    })
    .optional(),
});
/** Where in the documents of a request a text has its source. */
export type Citation = z.infer<typeof citationSchema>;

const reasoningSchema = z.object({
  reasoningText: z.object({ text: z.string(), signature: z.string().optional() }).optional(),
  /** Base64. */
  redactedContent: z.string().optional(),
});

const toolUseSchema = z.object({
  toolUseId: z.string(),
  name: z.string(),
  input: z.unknown(),
  /** `server_tool_use` for tools that Bedrock itself carries out. */
  type: z.string().optional(),
});

const contentBlockSchema = z.object({
  text: z.string().optional(),
  toolUse: toolUseSchema.optional(),
  reasoningContent: reasoningSchema.optional(),
  citationsContent: z
    .object({
      content: z.array(z.object({ text: z.string().optional() })).optional(),
      citations: z.array(citationSchema).optional(),
    })
    .optional(),
});
export type AnswerBlock = z.infer<typeof contentBlockSchema>;

const usageSchema = z.object({
  /** Without those read from or written to the cache. */
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadInputTokens: z.number().optional(),
  cacheWriteInputTokens: z.number().optional(),
});
export type TokenUsage = z.infer<typeof usageSchema>;

/** Model-specific fields that the request asked for by path. */
const additionalFieldsSchema = z.object({ stop_sequence: z.unknown() }).partial().nullish();

export const converseResponseSchema = z.object({
  output: z.object({ message: z.object({ content: z.array(contentBlockSchema) }) }),
  stopReason: z.string().optional(),
  usage: usageSchema.optional(),
  additionalModelResponseFields: additionalFieldsSchema,
});

/** Events of a stream by their `:event-type`. */
export const streamEventSchemas = {
  messageStart: z.object({ role: z.string().optional() }),
  contentBlockStart: z.object({
    contentBlockIndex: z.number(),
    /** Other members than `toolUse` announce blocks that have no place in a client's answer. */
    start: z.looseObject({
      toolUse: z
        .object({ toolUseId: z.string(), name: z.string(), type: z.string().optional() })
        .optional(),
    }),
  }),
  contentBlockDelta: z.object({
    contentBlockIndex: z.number(),
    delta: z.object({
      text: z.string().optional(),
      toolUse: z.object({ input: z.string() }).optional(),
      reasoningContent: z
        .object({
          text: z.string().optional(),
          signature: z.string().optional(),
          redactedContent: z.string().optional(),
        })
        .optional(),
      citation: citationSchema.optional(),
    }),
  }),
  contentBlockStop: z.object({ contentBlockIndex: z.number() }),
  messageStop: z.object({
    stopReason: z.string(),
    additionalModelResponseFields: additionalFieldsSchema,
  }),
  metadata: z.object({ usage: usageSchema.optional() }),
} as const;

export type StreamEventType = keyof typeof streamEventSchemas;
export type StreamEvent<Type extends StreamEventType> = z.infer<(typeof streamEventSchemas)[Type]>;
