import { z } from "zod";

/**
 * Answers of OpenAI's chat completions and of servers like it, as far as the gateway reads them.
 * Loose: members that are not named here are new, or of no use to other protocols. A delta of a
 * stream and a whole message have the same members.
 */
const count = z.number().nullish();

export const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z
    .object({
      cached_tokens: count,
      cache_write_tokens: count,
      cache_creation_input_tokens: count,
      audio_tokens: count,
    })
    .nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
});

const toolCallSchema = z.object({
  /** Streams only. */
  index: z.number().optional(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).optional(),
});
export type ToolCallDelta = z.infer<typeof toolCallSchema>;

const thinkingBlockSchema = z.object({
  type: z.string(),
  thinking: z.string().nullish(),
  signature: z.string().nullish(),
  data: z.string().nullish(),
});
export type ThinkingBlockDelta = z.infer<typeof thinkingBlockSchema>;

/** Some servers give the content in parts. */
const contentSchema = z.union([
  z.string(),
  z.array(z.object({ type: z.string(), text: z.string().optional() })),
]);

const messageSchema = z.object({
  content: contentSchema.nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCallSchema).nullish(),
  /** The text of reasoning, under either of two names; OpenAI's own API has none. */
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  thinking_blocks: z.array(thinkingBlockSchema).nullish(),
  /** Of servers from before tools. */
  function_call: z
    .object({ name: z.string().nullish(), arguments: z.string().nullish() })
    .nullish(),
  annotations: z
    .array(
      z.object({
        url_citation: z
          .object({
            url: z.string().optional(),
            title: z.string().optional(),
            start_index: count,
            end_index: count,
          })
          .optional(),
      }),
    )
    .nullish(),
});
export type MessageDelta = z.infer<typeof messageSchema>;

const likelySchema = z.object({ token: z.string(), logprob: z.number() });
const logprobsSchema = z.object({
  content: z
    .array(likelySchema.extend({ top_logprobs: z.array(likelySchema).nullish() }))
    .nullish(),
});
export type Logprobs = z.infer<typeof logprobsSchema>;

const shared = {
  id: z.string().optional(),
  model: z.string().optional(),
  created: z.number().optional(),
  usage: usageSchema.nullish(),
};

export const completionSchema = z.object({
  ...shared,
  choices: z
    .array(
      z.object({
        index: z.number().default(0),
        message: messageSchema,
        logprobs: logprobsSchema.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
});

export const chunkSchema = z.object({
  ...shared,
  choices: z
    .array(
      z.object({
        index: z.number().default(0),
        delta: messageSchema.nullish(),
        logprobs: logprobsSchema.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
});
export type ChatChunk = z.infer<typeof chunkSchema>;
