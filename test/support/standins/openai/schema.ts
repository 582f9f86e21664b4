import * as z from "zod";

/**
 * Requests to `POST /v1/chat/completions`, as OpenAI's reference publishes them: every documented
 * field and no other, with the documented ranges. Rules that span fields are in rules.ts.
 */

const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
/** Participants' names exclude spaces and the characters of the prompt's own markup. */
const participant = z.string().regex(/^[^\s<|\\/>]+$/);

const cacheBreakpoint = z.strictObject({
  mode: z.literal("explicit"),
  ttl: z.enum(["30m", "12h"]).optional(),
});

const textPart = z.strictObject({
  type: z.literal("text"),
  text: z.string(),
  prompt_cache_breakpoint: cacheBreakpoint.optional(),
});
const refusalPart = z.strictObject({ type: z.literal("refusal"), refusal: z.string() });
const imagePart = z.strictObject({
  type: z.literal("image_url"),
  image_url: z.strictObject({
    url: z.string(),
    detail: z.enum(["auto", "low", "high", "original"]).optional(),
  }),
  prompt_cache_breakpoint: cacheBreakpoint.optional(),
});
const audioPart = z.strictObject({
  type: z.literal("input_audio"),
  input_audio: z.strictObject({ data: z.string(), format: z.enum(["wav", "mp3"]) }),
  prompt_cache_breakpoint: cacheBreakpoint.optional(),
});
const filePart = z.strictObject({
  type: z.literal("file"),
  file: z.strictObject({
    file_data: z.string().optional(),
    file_id: z.string().optional(),
    filename: z.string().optional(),
  }),
  prompt_cache_breakpoint: cacheBreakpoint.optional(),
});

const texts = z.union([z.string(), z.array(textPart).min(1)]);

const jsonSchema = z.record(z.string(), z.unknown());

const toolCall = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("function"),
    id: z.string(),
    function: z.strictObject({ name, arguments: z.string() }),
  }),
  z.strictObject({
    type: z.literal("custom"),
    id: z.string(),
    custom: z.strictObject({ name, input: z.string() }),
  }),
]);

const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content: texts, name: participant.optional() }),
  z.strictObject({ role: z.literal("developer"), content: texts, name: participant.optional() }),
  z.strictObject({
    role: z.literal("user"),
    content: z.union([
      z.string(),
      z.array(z.discriminatedUnion("type", [textPart, imagePart, audioPart, filePart])).min(1),
    ]),
    name: participant.optional(),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z
      .union([z.string(), z.array(z.discriminatedUnion("type", [textPart, refusalPart])).min(1)])
      .nullish(),
    refusal: z.string().nullish(),
    name: participant.optional(),
    audio: z.strictObject({ id: z.string() }).nullish(),
    tool_calls: z.array(toolCall).min(1).optional(),
    function_call: z.strictObject({ name, arguments: z.string() }).nullish(),
    // Not in the reference for requests, but its guides send answers back as they came.
    annotations: z.array(jsonSchema).nullish(),
  }),
  z.strictObject({ role: z.literal("tool"), content: texts, tool_call_id: z.string() }),
  z.strictObject({ role: z.literal("function"), content: z.string().nullable(), name }),
]);

const tool = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("function"),
    function: z.strictObject({
      name,
      description: z.string().optional(),
      parameters: jsonSchema.optional(),
      strict: z.boolean().nullish(),
    }),
  }),
  z.strictObject({
    type: z.literal("custom"),
    custom: z.strictObject({
      name,
      description: z.string().optional(),
      format: z
        .discriminatedUnion("type", [
          z.strictObject({ type: z.literal("text") }),
          z.strictObject({
            type: z.literal("grammar"),
            grammar: z.strictObject({ definition: z.string(), syntax: z.enum(["lark", "regex"]) }),
          }),
        ])
        .optional(),
    }),
  }),
]);

const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("function"), function: z.strictObject({ name }) }),
    z.strictObject({ type: z.literal("custom"), custom: z.strictObject({ name }) }),
    z.strictObject({
      type: z.literal("allowed_tools"),
      allowed_tools: z.strictObject({
        mode: z.enum(["auto", "required"]),
        tools: z.array(jsonSchema),
      }),
    }),
  ]),
]);

const responseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.strictObject({
      name,
      description: z.string().optional(),
      schema: jsonSchema.optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const moderationMode = z.strictObject({ mode: z.enum(["score", "block"]) }).nullish();

const penalty = z.number().min(-2).max(2).nullish();
const count = z.int().min(1).nullish();

export const chatRequest = z.strictObject({
  model: z.string(),
  messages: z.array(message).min(1),
  audio: z
    .strictObject({
      format: z.enum(["wav", "aac", "mp3", "flac", "opus", "pcm16"]),
      voice: z.union([z.string(), z.strictObject({ id: z.string() })]),
    })
    .nullish(),
  frequency_penalty: penalty,
  function_call: z
    .union([z.enum(["none", "auto"]), z.strictObject({ name: z.string() })])
    .optional(),
  functions: z
    .array(
      z.strictObject({
        name,
        description: z.string().optional(),
        parameters: jsonSchema.optional(),
      }),
    )
    .min(1)
    .max(128)
    .optional(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  logprobs: z.boolean().nullish(),
  max_completion_tokens: count,
  max_tokens: count,
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  modalities: z.array(z.enum(["text", "audio"])).nullish(),
  moderation: z
    .strictObject({
      model: z.string(),
      policy: z.strictObject({ input: moderationMode, output: moderationMode }).nullish(),
    })
    .nullish(),
  n: z.int().min(1).max(128).nullish(),
  parallel_tool_calls: z.boolean().optional(),
  prediction: z.strictObject({ type: z.literal("content"), content: texts }).nullish(),
  presence_penalty: penalty,
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: z
    .strictObject({
      mode: z.enum(["implicit", "explicit"]).optional(),
      ttl: z.literal("30m").optional(),
    })
    .optional(),
  prompt_cache_retention: z.enum(["in_memory", "24h"]).nullish(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).nullish(),
  response_format: responseFormat.optional(),
  safety_identifier: z.string().max(128).nullish(),
  seed: z.int().nullish(),
  service_tier: z.enum(["auto", "default", "flex", "scale", "priority", "fast"]).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({
      include_obfuscation: z.boolean().optional(),
      include_usage: z.boolean().optional(),
    })
    .nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  tool_choice: toolChoice.optional(),
  tools: z.array(tool).min(1).max(128).optional(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().optional(),
  verbosity: z.enum(["low", "medium", "high"]).nullish(),
  web_search_options: z
    .strictObject({
      search_context_size: z.enum(["low", "medium", "high"]).optional(),
      user_location: z
        .strictObject({
          type: z.literal("approximate"),
          approximate: z.strictObject({
            city: z.string().optional(),
            country: z.string().optional(),
            region: z.string().optional(),
            timezone: z.string().optional(),
          }),
        })
        .nullish(),
    })
    .optional(),
});

export type ChatRequest = z.infer<typeof chatRequest>;
export type ChatMessage = ChatRequest["messages"][number];
