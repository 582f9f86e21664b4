import * as z from "zod";

/**
 * Requests to `POST /v2/chat`, as Cohere's reference publishes them: every documented field and no
 * other, with the documented ranges. https://docs.cohere.com/reference/chat
 */
const anything = z.record(z.string(), z.unknown());
const text = z.strictObject({ type: z.literal("text"), text: z.string() });
const thinking = z.strictObject({ type: z.literal("thinking"), thinking: z.string() });
const image = z.strictObject({
  type: z.literal("image_url"),
  image_url: z.strictObject({
    url: z.string(),
    detail: z.enum(["auto", "low", "high"]).optional(),
  }),
});
const document = z.strictObject({
  type: z.literal("document"),
  document: z.strictObject({ data: z.union([z.string(), anything]), id: z.string().optional() }),
});

const toolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion("role", [
  z.strictObject({
    role: z.literal("system"),
    content: z.union([z.string(), z.array(text).min(1)]),
  }),
  z.strictObject({
    role: z.literal("user"),
    content: z.union([z.string(), z.array(z.discriminatedUnion("type", [text, image])).min(1)]),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z
      .union([z.string(), z.array(z.discriminatedUnion("type", [text, thinking]))])
      .optional(),
    tool_calls: z.array(toolCall).min(1).optional(),
    tool_plan: z.string().optional(),
    citations: z.array(anything).optional(),
  }),
  z.strictObject({
    role: z.literal("tool"),
    tool_call_id: z.string().min(1),
    content: z.union([z.string(), z.array(z.discriminatedUnion("type", [text, document])).min(1)]),
  }),
]);

export const chatRequest = z.strictObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal("function"),
        function: z.strictObject({
          name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/),
          description: z.string().optional(),
          parameters: anything,
        }),
      }),
    )
    .min(1)
    .optional(),
  strict_tools: z.boolean().optional(),
  tool_choice: z.enum(["REQUIRED", "NONE"]).optional(),
  documents: z
    .array(
      z.union([
        z.string(),
        z.strictObject({ data: z.union([z.string(), anything]), id: z.string().optional() }),
      ]),
    )
    .optional(),
  citation_options: z
    .strictObject({ mode: z.enum(["ENABLED", "DISABLED", "FAST", "ACCURATE", "OFF"]).optional() })
    .optional(),
  response_format: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("text") }),
      z.strictObject({ type: z.literal("json_object"), json_schema: anything.optional() }),
    ])
    .optional(),
  safety_mode: z.enum(["CONTEXTUAL", "STRICT", "OFF"]).optional(),
  max_tokens: z.int().min(1).optional(),
  stop_sequences: z.array(z.string()).max(5).optional(),
  temperature: z.number().min(0).optional(),
  seed: z.int().min(0).optional(),
  frequency_penalty: z.number().min(0).max(1).optional(),
  presence_penalty: z.number().min(0).max(1).optional(),
  k: z.int().min(0).max(500).optional(),
  p: z.number().min(0.01).max(0.99).optional(),
  logprobs: z.boolean().optional(),
  thinking: z
    .strictObject({
      type: z.enum(["enabled", "disabled"]),
      token_budget: z.int().min(1).optional(),
    })
    .optional(),
  priority: z.int().min(0).max(999).optional(),
});

export type ChatRequest = z.infer<typeof chatRequest>;
export type Message = ChatRequest["messages"][number];
