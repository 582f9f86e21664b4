import * as z from "zod";

/**
 * Requests to `POST /v1/messages`, as Anthropic's reference publishes them: every documented field
 * and no other. Rules that span fields are in options.ts and conversation.ts.
 */

const cacheControl = z
  .strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() })
  .nullish();
const cited = z.strictObject({ enabled: z.boolean().optional() });
const anyObject = z.record(z.string(), z.unknown());

const location = <Type extends string, Fields extends z.core.$ZodLooseShape>(
  type: Type,
  fields: Fields,
) => z.strictObject({ type: z.literal(type), cited_text: z.string(), ...fields });

const inDocument = { document_index: z.int().min(0), document_title: z.string().nullable() };

const citation = z.discriminatedUnion("type", [
  location("char_location", {
    ...inDocument,
    start_char_index: z.int().min(0),
    end_char_index: z.int(),
    file_id: z.string().nullish(),
  }),
  location("page_location", {
    ...inDocument,
    start_page_number: z.int().min(1),
    end_page_number: z.int(),
    file_id: z.string().nullish(),
  }),
  location("content_block_location", {
    ...inDocument,
    start_block_index: z.int().min(0),
    end_block_index: z.int(),
    file_id: z.string().nullish(),
  }),
  location("web_search_result_location", {
    encrypted_index: z.string(),
    title: z.string().nullable(),
    url: z.string(),
  }),
  location("search_result_location", {
    search_result_index: z.int().min(0),
    source: z.string(),
    start_block_index: z.int().min(0),
    end_block_index: z.int(),
    title: z.string().nullable(),
  }),
]);

const text = z.strictObject({
  type: z.literal("text"),
  text: z.string(),
  cache_control: cacheControl,
  citations: z.array(citation).nullish(),
});

const url = z.strictObject({ type: z.literal("url"), url: z.string() });
const file = z.strictObject({ type: z.literal("file"), file_id: z.string() });

const image = z.strictObject({
  type: z.literal("image"),
  source: z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("base64"),
      media_type: z.enum(["image/jpeg", "image/png", "image/gif", "image/webp"]),
      data: z.base64(),
    }),
    url,
    file,
  ]),
  cache_control: cacheControl,
  transformations: z
    .strictObject({ oversized_image: z.enum(["downsize", "error"]).optional() })
    .nullish(),
});

const document = z.strictObject({
  type: z.literal("document"),
  source: z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("base64"),
      media_type: z.literal("application/pdf"),
      data: z.base64(),
    }),
    z.strictObject({
      type: z.literal("text"),
      media_type: z.literal("text/plain"),
      data: z.string(),
    }),
    z.strictObject({
      type: z.literal("content"),
      content: z.union([z.string(), z.array(z.discriminatedUnion("type", [text, image]))]),
    }),
    url,
    file,
  ]),
  cache_control: cacheControl,
  citations: cited.nullish(),
  context: z.string().min(1).nullish(),
  title: z.string().min(1).max(500).nullish(),
});

const searchResult = z.strictObject({
  type: z.literal("search_result"),
  content: z.array(text),
  source: z.string(),
  title: z.string(),
  cache_control: cacheControl,
  citations: cited.optional(),
});

const toolId = z.string().regex(/^[a-zA-Z0-9_-]+$/);

const caller = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("direct") }),
  z.strictObject({
    type: z.enum(["code_execution_20250825", "code_execution_20260120"]),
    tool_id: z.string(),
  }),
]);

const toolUse = z.strictObject({
  type: z.literal("tool_use"),
  id: toolId,
  name: z.string().min(1).max(200),
  input: anyObject,
  cache_control: cacheControl,
  caller: caller.optional(),
  toolset_name: z.string().nullish(),
});

const toolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: toolId,
  content: z
    .union([
      z.string(),
      z.array(
        z.discriminatedUnion("type", [
          text,
          image,
          searchResult,
          document,
          z.strictObject({
            type: z.literal("tool_reference"),
            tool_name: z.string(),
            cache_control: cacheControl,
          }),
        ]),
      ),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
  toolset_name: z.string().nullish(),
});

/** What Anthropic's own tools leave in a conversation; clients send it back as it came. */
const serverToolBlock = z.looseObject({
  type: z.enum([
    "server_tool_use",
    "web_search_tool_result",
    "web_fetch_tool_result",
    "code_execution_tool_result",
    "bash_code_execution_tool_result",
    "text_editor_code_execution_tool_result",
    "tool_search_tool_result",
    "container_upload",
  ]),
});

const block = z.discriminatedUnion("type", [
  text,
  image,
  document,
  searchResult,
  z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.strictObject({ type: z.literal("redacted_thinking"), data: z.string() }),
  toolUse,
  toolResult,
  serverToolBlock,
]);

const message = z.strictObject({
  role: z.enum(["user", "assistant", "system"]),
  content: z.union([z.string(), z.array(block)]),
});

const sharedToolFields = {
  cache_control: cacheControl,
  allowed_callers: z.array(z.string()).optional(),
  defer_loading: z.boolean().optional(),
  strict: z.boolean().optional(),
  input_examples: z.array(anyObject).optional(),
};

const customTool = z.strictObject({
  type: z.literal("custom").nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({
    type: z.literal("object"),
    properties: z.unknown().optional(),
    required: z.array(z.string()).nullish(),
  }),
  eager_input_streaming: z.boolean().nullish(),
  ...sharedToolFields,
});

/** Tools that Anthropic defines: `web_search_20250305` and the like. */
const builtInTool = z.strictObject({
  type: z.string().regex(/^[a-z_]+_20\d{6}$/),
  name: z.string(),
  max_uses: z.int().min(1).nullish(),
  allowed_domains: z.array(z.string()).nullish(),
  blocked_domains: z.array(z.string()).nullish(),
  user_location: anyObject.nullish(),
  max_characters: z.int().min(1).nullish(),
  max_content_tokens: z.int().min(1).nullish(),
  citations: cited.nullish(),
  ...sharedToolFields,
});

const parallel = { disable_parallel_tool_use: z.boolean().optional() };

const effort = z.enum(["low", "medium", "high", "xhigh", "max"]);
const display = z.enum(["summarized", "omitted"]).nullish();

/** What counting tokens and generating share. */
const prompt = {
  model: z.string().min(1).max(256),
  messages: z.array(message).min(1).max(100_000),
  system: z.union([z.string(), z.array(text)]).optional(),
  cache_control: cacheControl,
  output_config: z
    .strictObject({
      effort: effort.nullish(),
      format: z.strictObject({ type: z.literal("json_schema"), schema: anyObject }).nullish(),
    })
    .optional(),
  speed: z.enum(["standard", "fast"]).nullish(),
  thinking: z
    .discriminatedUnion("type", [
      z.strictObject({
        type: z.literal("enabled"),
        budget_tokens: z.int().min(1024),
        display,
      }),
      z.strictObject({ type: z.literal("disabled") }),
      z.strictObject({ type: z.literal("adaptive"), display }),
      z.strictObject({ type: z.literal("between_tools") }),
    ])
    .optional(),
  tool_choice: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("auto"), ...parallel }),
      z.strictObject({ type: z.literal("any"), ...parallel }),
      z.strictObject({ type: z.literal("tool"), name: z.string(), ...parallel }),
      z.strictObject({ type: z.literal("none") }),
    ])
    .optional(),
  tools: z.array(z.union([customTool, builtInTool])).optional(),
};

export const countRequest = z.strictObject(prompt);

export const messagesRequest = z.strictObject({
  ...prompt,
  max_tokens: z.int().min(0),
  container: z.union([z.string(), anyObject]).nullish(),
  diagnostics: z.strictObject({ previous_message_id: z.string().nullish() }).nullish(),
  inference_geo: z.string().nullish(),
  metadata: z.strictObject({ user_id: z.string().max(256).nullish() }).optional(),
  service_tier: z.enum(["auto", "standard_only"]).optional(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  top_p: z.number().min(0).max(1).optional(),
});

export type CountRequest = z.infer<typeof countRequest>;
export type MessagesRequest = z.infer<typeof messagesRequest>;
export type Message = MessagesRequest["messages"][number];
export type Block = z.infer<typeof block>;
