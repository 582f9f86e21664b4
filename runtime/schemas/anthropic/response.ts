import { z } from "zod";

/**
 * Answers of Anthropic's Messages API, as far as the gateway reads them. Loose: members that are not
 * named here, and blocks and events of types that are not, are new or of no use to other protocols.
 */
const count = z.number().nullish();

const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens_details: z.object({ thinking_tokens: count }).nullish(),
});

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  citations: z.array(z.unknown()).nullish(),
  thinking: z.string().optional(),
  signature: z.string().optional(),
  /** Redacted thinking. */
  data: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
});
export type AnswerBlock = z.infer<typeof blockSchema>;

const endingSchema = z.object({
  stop_reason: z.string().nullish(),
  stop_sequence: z.string().nullish(),
  stop_details: z.object({ explanation: z.string().nullish() }).nullish(),
});
export type Ending = z.infer<typeof endingSchema>;

export const messageSchema = z.object({
  id: z.string().optional(),
  model: z.string().optional(),
  content: z.array(blockSchema),
  usage: usageSchema.nullish(),
  ...endingSchema.shape,
});

const deltaSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  partial_json: z.string().optional(),
  thinking: z.string().optional(),
  signature: z.string().optional(),
  citation: z.unknown().optional(),
});
export type Delta = z.infer<typeof deltaSchema>;

/** Events of a stream by their `type`. */
export const streamEventSchemas = {
  message_start: z.object({
    message: z.object({
      id: z.string().optional(),
      model: z.string().optional(),
      usage: usageSchema.nullish(),
    }),
  }),
  content_block_start: z.object({ index: z.number(), content_block: blockSchema }),
  content_block_delta: z.object({ index: z.number(), delta: deltaSchema }),
  content_block_stop: z.object({ index: z.number() }),
  message_delta: z.object({ delta: endingSchema, usage: usageSchema.nullish() }),
} as const;

export type StreamEventType = keyof typeof streamEventSchemas;
export type StreamEvent<Type extends StreamEventType> = z.infer<(typeof streamEventSchemas)[Type]>;
