import * as z from "zod";

/**
 * Requests to `POST /v1/responses`, as OpenAI's reference publishes them: every documented field and
 * no other. https://platform.openai.com/docs/api-reference/responses/create
 *
 * Tools that run on OpenAI's servers, and the items that they leave, are taken as they come.
 */
const anything = z.record(z.string(), z.unknown());
const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const status = z.enum(["in_progress", "completed", "incomplete"]).nullish();

const inputText = z.strictObject({ type: z.literal("input_text"), text: z.string() });
const inputImage = z.strictObject({
  type: z.literal("input_image"),
  detail: z.enum(["auto", "low", "high", "original"]).nullish(),
  image_url: z.string().nullish(),
  file_id: z.string().nullish(),
});
const inputFile = z.strictObject({
  type: z.literal("input_file"),
  detail: z.enum(["auto", "low", "high"]).optional(),
  file_data: z.string().optional(),
  file_id: z.string().nullish(),
  file_url: z.string().optional(),
  filename: z.string().optional(),
});
const outputText = z.strictObject({
  type: z.literal("output_text"),
  text: z.string(),
  annotations: z.array(anything),
  logprobs: z.array(anything).optional(),
});
const refusal = z.strictObject({ type: z.literal("refusal"), refusal: z.string() });

const inputParts = z.array(z.discriminatedUnion("type", [inputText, inputImage, inputFile]));

const said = z.strictObject({
  type: z.literal("message"),
  id: z.string(),
  role: z.literal("assistant"),
  status: status.optional(),
  content: z.array(z.discriminatedUnion("type", [outputText, refusal])),
  phase: z.enum(["commentary", "final_answer"]).nullish(),
});
const message = z.strictObject({
  type: z.literal("message").optional(),
  role: z.enum(["user", "system", "developer"]),
  content: z.union([z.string(), inputParts]),
  status,
  id: z.string().optional(),
});
const assistantMessage = z.strictObject({
  type: z.literal("message").optional(),
  role: z.literal("assistant"),
  content: z.union([
    z.string(),
    // What nobody annotated may say nothing of it.
    z.array(z.discriminatedUnion("type", [outputText.partial({ annotations: true }), refusal])),
  ]),
  status,
  id: z.string().optional(),
  phase: z.enum(["commentary", "final_answer"]).nullish(),
});
const functionCall = z.strictObject({
  type: z.literal("function_call"),
  id: z.string().optional(),
  call_id: z.string().min(1).max(64),
  name,
  arguments: z.string(),
  status,
});
const functionCallOutput = z.strictObject({
  type: z.literal("function_call_output"),
  id: z.string().nullish(),
  call_id: z.string().min(1).max(64),
  output: z.union([z.string(), inputParts]),
  status,
});
const reasoningItem = z.strictObject({
  type: z.literal("reasoning"),
  id: z.string(),
  summary: z.array(z.strictObject({ type: z.literal("summary_text"), text: z.string() })),
  content: z
    .array(z.strictObject({ type: z.literal("reasoning_text"), text: z.string() }))
    .optional(),
  encrypted_content: z.string().nullish(),
  status: status.optional(),
});
const reference = z.strictObject({ type: z.literal("item_reference").nullish(), id: z.string() });
/** Calls of tools on OpenAI's servers, and what else their conversations hold. */
const serverItem = z.looseObject({
  type: z.string().regex(/_call(_output)?$|^mcp_|^compaction|^image_generation/),
});

const item = z.union([
  said,
  message,
  assistantMessage,
  functionCall,
  functionCallOutput,
  reasoningItem,
  reference,
  serverItem,
]);

const functionTool = z.strictObject({
  type: z.literal("function"),
  name,
  description: z.string().nullish(),
  parameters: anything.nullable(),
  strict: z.boolean().nullable(),
});
const serverTool = z.looseObject({
  type: z
    .string()
    .regex(
      /^(web_search|file_search|code_interpreter|image_generation|mcp|computer|local_shell|shell|custom|apply_patch)/,
    ),
});

const format = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    name,
    schema: anything,
    description: z.string().optional(),
    strict: z.boolean().nullish(),
  }),
]);

export const responsesRequest = z.strictObject({
  model: z.string(),
  input: z.union([z.string(), z.array(item)]).optional(),
  background: z.boolean().nullish(),
  conversation: z.union([z.string(), z.strictObject({ id: z.string() })]).nullish(),
  include: z
    .array(
      z.enum([
        "code_interpreter_call.outputs",
        "computer_call_output.output.image_url",
        "file_search_call.results",
        "message.input_image.image_url",
        "message.output_text.logprobs",
        "reasoning.encrypted_content",
        "web_search_call.action.sources",
        "web_search_call.results",
      ]),
    )
    .nullish(),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(16).nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  previous_response_id: z.string().nullish(),
  prompt: anything.nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: anything.optional(),
  prompt_cache_retention: z.enum(["in_memory", "24h"]).nullish(),
  reasoning: z
    .strictObject({
      effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).nullish(),
      summary: z.enum(["auto", "concise", "detailed"]).nullish(),
      generate_summary: z.enum(["auto", "concise", "detailed"]).nullish(),
    })
    .nullish(),
  safety_identifier: z.string().max(128).nullish(),
  service_tier: z.enum(["auto", "default", "flex", "scale", "priority", "fast"]).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  text: z
    .strictObject({
      format: format.optional(),
      verbosity: z.enum(["low", "medium", "high"]).nullish(),
    })
    .optional(),
  tool_choice: z
    .union([
      z.enum(["none", "auto", "required"]),
      z.strictObject({ type: z.literal("function"), name }),
      z.strictObject({
        type: z.literal("allowed_tools"),
        mode: z.enum(["auto", "required"]),
        tools: z.array(anything),
      }),
      z.looseObject({ type: z.string().regex(/^(web_search|file_search|mcp|custom|image_)/) }),
    ])
    .optional(),
  tools: z.array(z.union([functionTool, serverTool])).optional(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  truncation: z.enum(["auto", "disabled"]).nullish(),
  user: z.string().optional(),
});

export type ResponsesRequest = z.infer<typeof responsesRequest>;
export type InputItem = z.infer<typeof item>;
