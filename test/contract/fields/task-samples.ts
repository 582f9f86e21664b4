/** As samples.ts, of the endpoints that do not converse. */
import type { Sample, Samples } from "./samples.ts";

type Json = Record<string, unknown>;

const plain = (values: Json): Sample[] =>
  Object.entries(values).map(([field, value]) => ({ field, set: { [field]: value } }));

const PARAMETERS = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const CHAT_TOOL = { type: "function", function: { name: "weather", parameters: PARAMETERS } };

const EMBEDDERS = {
  AWSBedrock: "cohere.embed-english-v3",
  GCPVertexAI: "text-embedding-005",
  Cohere: "embed-v4.0",
};
const RANKERS = {
  AWSBedrock: "cohere.rerank-v3-5:0",
  GCPVertexAI: "semantic-ranker-default@latest",
  Cohere: "rerank-v3.5",
};
const PAINTERS = { AWSBedrock: "amazon.nova-canvas-v1:0", GCPVertexAI: "imagen-4.0-generate-001" };

export const taskSamples: readonly Samples[] = [
  {
    endpoint: "embeddings",
    source: "OpenAI API reference: Create embeddings",
    base: { input: "a" },
    models: EMBEDDERS,
    samples: [
      ...plain({ dimensions: 256, encoding_format: "base64", user: "u-1" }),
      { field: "input: several", set: { input: ["a", "b"] } },
      { field: "input: tokens", set: { input: [1, 2] } },
    ],
  },
  {
    endpoint: "embed",
    source: "Cohere API reference: Embed (v2)",
    base: { texts: ["a"], input_type: "search_document" },
    models: EMBEDDERS,
    samples: [
      ...plain({
        embedding_types: ["int8"],
        images: ["data:image/png;base64,iVBORw0KGgo="],
        input_type: "search_query",
        inputs: [{ content: [{ type: "text", text: "a" }] }],
        max_tokens: 10,
        output_dimension: 256,
        priority: 1,
        texts: ["a", "b"],
        truncate: "START",
      }),
    ],
  },
  {
    endpoint: "image-generations",
    source: "OpenAI API reference: Create image",
    base: { prompt: "otter" },
    models: PAINTERS,
    samples: [
      {
        field: "output_format, output_compression",
        set: { output_format: "jpeg", output_compression: 50 },
      },
      ...plain({
        background: "transparent",
        moderation: "low",
        n: 2,
        partial_images: 1,
        quality: "high",
        response_format: "url",
        size: "1024x1024",
        stream: true,
        style: "vivid",
        user: "u-1",
      }),
    ],
  },
  {
    endpoint: "rerank",
    source: "Cohere API reference: Rerank (v2)",
    base: { query: "a", documents: ["b", "c"] },
    models: RANKERS,
    samples: plain({ max_tokens_per_doc: 100, priority: 1, top_n: 1 }),
  },
  {
    endpoint: "plain-rerank",
    source: "vLLM, Online serving: Re-rank API",
    base: { query: "a", documents: ["b", "c"] },
    models: RANKERS,
    samples: [
      ...plain({ return_documents: false, top_n: 1, truncate_prompt_tokens: 10, user: "u-1" }),
    ],
  },
  {
    endpoint: "tokenize",
    source: "vLLM, Online serving: Tokenizer API",
    base: { messages: [{ role: "user", content: "Hi" }] },
    samples: [
      ...plain({
        add_generation_prompt: false,
        add_special_tokens: true,
        chat_template: "{{ messages }}",
        chat_template_kwargs: { a: 1 },
        continue_final_message: true,
        mm_processor_kwargs: { a: 1 },
        return_token_strs: true,
        tools: [CHAT_TOOL],
      }),
      {
        field: "messages: system",
        set: {
          messages: [
            { role: "system", content: "Be brief." },
            { role: "user", content: "Hi" },
          ],
        },
      },
    ],
  },
  {
    endpoint: "responses-input-tokens",
    source: "OpenAI API reference: Get input token counts",
    base: { input: "Hi" },
    samples: [
      ...plain({
        conversation: "conv_1",
        instructions: "Be brief.",
        personality: "friendly",
        previous_response_id: "resp_1",
        tools: [{ type: "function", name: "weather", parameters: PARAMETERS, strict: false }],
        truncation: "auto",
      }),
      {
        field: "parallel_tool_calls",
        set: { parallel_tool_calls: false },
        beside: {
          tools: [{ type: "function", name: "weather", parameters: PARAMETERS, strict: false }],
        },
      },
      {
        field: "tool_choice",
        set: { tool_choice: "required" },
        beside: {
          tools: [{ type: "function", name: "weather", parameters: PARAMETERS, strict: false }],
        },
      },
      { field: "reasoning", set: { reasoning: { effort: "low" } } },
      {
        field: "text",
        set: { text: { format: { type: "json_schema", name: "a", schema: PARAMETERS } } },
      },
    ],
  },
  {
    endpoint: "count-tokens",
    source: "Anthropic API reference: Count tokens in a Message",
    base: { messages: [{ role: "user", content: "Hi" }] },
    samples: [
      ...plain({
        system: "Be brief.",
        thinking: { type: "enabled", budget_tokens: 2000 },
        tools: [{ name: "weather", input_schema: PARAMETERS }],
      }),
      {
        field: "tool_choice",
        set: { tool_choice: { type: "any" } },
        beside: { tools: [{ name: "weather", input_schema: PARAMETERS }] },
      },
    ],
  },
  {
    endpoint: "gemini-count-tokens",
    source: "Gemini API reference: countTokens",
    base: { contents: [{ role: "user", parts: [{ text: "Hi" }] }] },
    samples: [
      {
        field: "generateContentRequest: systemInstruction",
        set: {
          contents: undefined,
          generateContentRequest: {
            contents: [{ role: "user", parts: [{ text: "Hi" }] }],
            systemInstruction: { parts: [{ text: "Be brief." }] },
          },
        },
      },
      {
        field: "generateContentRequest: tools",
        set: {
          contents: undefined,
          generateContentRequest: {
            contents: [{ role: "user", parts: [{ text: "Hi" }] }],
            tools: [
              { functionDeclarations: [{ name: "weather", parametersJsonSchema: PARAMETERS }] },
            ],
          },
        },
      },
    ],
  },
];
