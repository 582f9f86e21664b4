import { z } from "zod";

/**
 * Answers of Cohere's chat, second version, as far as the gateway reads them. Loose: members that
 * are not named here are new, or of no use to other protocols.
 * https://docs.cohere.com/reference/chat and chat-stream
 */
const count = z.number().nullish();
const text = z.string().nullish();

const tokensSchema = z.object({ input_tokens: count, output_tokens: count }).nullish();
const usageSchema = z.object({
  tokens: tokensSchema,
  billed_units: tokensSchema,
  cached_tokens: count,
});
export type CohereUsage = z.infer<typeof usageSchema>;

const citationSchema = z.object({
  start: count,
  end: count,
  text,
  /** Which of the contents it is about. */
  content_index: count,
  /** `PLAN`: about what was said ahead of calls. */
  type: text,
  sources: z
    .array(
      z.object({
        type: text,
        id: text,
        document: z.record(z.string(), z.unknown()).nullish(),
        tool_output: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .nullish(),
});
export type CohereCitation = z.infer<typeof citationSchema>;

const callSchema = z.object({
  id: text,
  function: z.object({ name: text, arguments: text }).nullish(),
});
export type CohereCall = z.infer<typeof callSchema>;

const contentSchema = z.object({ type: text, text, thinking: text });
export type CohereContent = z.infer<typeof contentSchema>;

const logprobsSchema = z.object({ text, logprobs: z.array(z.number()).nullish() });
export type CohereLogprobs = z.infer<typeof logprobsSchema>;

export const chatAnswerSchema = z.object({
  id: text,
  finish_reason: text,
  message: z.object({
    content: z.array(contentSchema).nullish(),
    tool_plan: text,
    tool_calls: z.array(callSchema).nullish(),
    citations: z.array(citationSchema).nullish(),
  }),
  usage: usageSchema.nullish(),
  logprobs: z.array(logprobsSchema).nullish(),
});

/** One event of a stream; which members it has depends on its type. */
export const chatEventSchema = z.object({
  type: z.string(),
  id: text,
  index: count,
  logprobs: logprobsSchema.nullish(),
  delta: z
    .object({
      finish_reason: text,
      error: text,
      usage: usageSchema.nullish(),
      message: z
        .object({
          // A list, empty, in the first event.
          content: z.union([contentSchema, z.array(z.unknown())]).nullish(),
          tool_plan: text,
          tool_calls: z.union([callSchema, z.array(z.unknown())]).nullish(),
          citations: z.union([citationSchema, z.array(z.unknown())]).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
export type CohereEvent = z.infer<typeof chatEventSchema>;
