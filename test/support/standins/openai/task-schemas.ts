import * as z from "zod";

/**
 * Requests to OpenAI's endpoints beside chat, as its reference publishes them: every documented
 * field and no other, with the documented ranges.
 */

const tokenIds = z.array(z.int().min(0)).min(1).max(2048);
const oneOrMany = z.union([
  z.string().min(1),
  z.array(z.string().min(1)).min(1).max(2048),
  tokenIds,
  z.array(tokenIds).min(1).max(2048),
]);

export const embeddingsRequest = z.strictObject({
  model: z.string(),
  input: oneOrMany,
  dimensions: z.int().min(1).optional(),
  encoding_format: z.enum(["float", "base64"]).optional(),
  user: z.string().optional(),
});
export type EmbeddingsRequest = z.infer<typeof embeddingsRequest>;

const penalty = z.number().min(-2).max(2).nullish();

export const completionsRequest = z.strictObject({
  model: z.string(),
  prompt: oneOrMany.nullable(),
  best_of: z.int().min(0).max(20).nullish(),
  echo: z.boolean().nullish(),
  frequency_penalty: penalty,
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  logprobs: z.int().min(0).max(5).nullish(),
  max_tokens: z.int().min(0).nullish(),
  n: z.int().min(1).max(128).nullish(),
  presence_penalty: penalty,
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({
      include_obfuscation: z.boolean().optional(),
      include_usage: z.boolean().optional(),
    })
    .nullish(),
  suffix: z.string().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().optional(),
});
export type CompletionsRequest = z.infer<typeof completionsRequest>;

/** Fields that generations and edits share. */
const picture = {
  background: z.enum(["transparent", "opaque", "auto"]).nullish(),
  model: z.string(),
  n: z.int().min(1).max(10).nullish(),
  output_compression: z.int().min(0).max(100).nullish(),
  output_format: z.enum(["png", "webp", "jpeg"]).nullish(),
  partial_images: z.int().min(0).max(3).nullish(),
  prompt: z.string().min(1).max(32_000),
  response_format: z.enum(["url", "b64_json"]).nullish(),
  size: z.string().nullish(),
  stream: z.boolean().nullish(),
  user: z.string().optional(),
};

export const imagesRequest = z.strictObject({
  ...picture,
  moderation: z.enum(["low", "auto"]).nullish(),
  quality: z.enum(["low", "medium", "high", "auto", "standard", "hd"]).nullish(),
  style: z.enum(["vivid", "natural"]).nullish(),
});
export type ImagesRequest = z.infer<typeof imagesRequest>;

export const moderationsRequest = z.strictObject({
  model: z.string().optional(),
  input: z.union([
    z.string(),
    z.array(z.string()).min(1),
    z
      .array(
        z.discriminatedUnion("type", [
          z.strictObject({ type: z.literal("text"), text: z.string() }),
          z.strictObject({
            type: z.literal("image_url"),
            image_url: z.strictObject({ url: z.string() }),
          }),
        ]),
      )
      .min(1),
  ]),
});

export const speechRequest = z.strictObject({
  model: z.string(),
  input: z.string().min(1).max(4096),
  voice: z.union([z.string().min(1), z.strictObject({ id: z.string() })]),
  instructions: z.string().optional(),
  response_format: z.enum(["mp3", "opus", "aac", "flac", "wav", "pcm"]).optional(),
  speed: z.number().min(0.25).max(4).optional(),
  stream_format: z.enum(["sse", "audio"]).optional(),
});
export type SpeechRequest = z.infer<typeof speechRequest>;

const anything = z.record(z.string(), z.unknown());

export const inputTokensRequest = z.strictObject({
  model: z.string(),
  conversation: z.union([z.string(), anything]).nullish(),
  input: z.union([z.string(), z.array(anything)]).nullish(),
  instructions: z.string().nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  previous_response_id: z.string().nullish(),
  reasoning: anything.nullish(),
  text: anything.nullish(),
  tool_choice: z.union([z.string(), anything]).nullish(),
  tools: z.array(anything).nullish(),
  truncation: z.enum(["auto", "disabled"]).optional(),
});
