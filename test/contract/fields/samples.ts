/**
 * Every field that each vendor documents for its requests, by the name that the table shows, with a
 * value that is not the default. `beside` stands in the request with and without the field.
 * fields.test.ts holds the top level of these lists to the types of the vendors' own clients.
 */
import { taskSamples } from "./task-samples.ts";

type Json = Record<string, unknown>;

export interface Sample {
  field: string;
  /** Members that the field comes to; they replace those of the base. */
  set: Json;
  beside?: Json;
}

export interface Samples {
  endpoint: string;
  source: string;
  base: Json;
  samples: readonly Sample[];
  /** By schema, where those of other endpoints do not do. */
  models?: Readonly<Record<string, string>>;
}

const PIXEL = "iVBORw0KGgo=";
const PARAMETERS = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const SCHEMA = { ...PARAMETERS, additionalProperties: false };

const plain = (values: Json): Sample[] =>
  Object.entries(values).map(([field, value]) => ({ field, set: { [field]: value } }));

const chatTool = { type: "function", function: { name: "weather", parameters: SCHEMA } };
const chatTools = { tools: [chatTool] };
const said = (...content: Json[]): Json => ({ messages: [{ role: "user", content }] });
const part = (field: string, ...parts: Json[]): Sample => ({
  field: `messages: ${field}`,
  set: said({ type: "text", text: "Hi" }, ...parts),
});
const chatTurns = (...turns: Json[]): Json => ({
  messages: [{ role: "user", content: "Hi" }, ...turns, { role: "user", content: "Go on" }],
});

const chat: Samples = {
  endpoint: "chat-completions",
  source: "OpenAI API reference: Create chat completion",
  base: { messages: [{ role: "user", content: "Hi" }], max_completion_tokens: 4000 },
  samples: [
    ...plain({
      frequency_penalty: 0.5,
      presence_penalty: 0.5,
      logit_bias: { "50256": -100 },
      logprobs: true,
      max_completion_tokens: 99,
      max_tokens: 99,
      metadata: { team: "a" },
      moderation: { model: "omni-moderation-latest" },
      n: 2,
      prediction: { type: "content", content: "x" },
      prompt_cache_key: "k",
      prompt_cache_options: { ttl: "24h" },
      prompt_cache_retention: "24h",
      reasoning_effort: "low",
      response_format: {
        type: "json_schema",
        json_schema: { name: "a", description: "An answer", schema: SCHEMA, strict: true },
      },
      safety_identifier: "s",
      seed: 7,
      service_tier: "flex",
      stop: ["END"],
      store: true,
      stream: true,
      temperature: 0.2,
      top_p: 0.5,
      user: "u",
      verbosity: "low",
      web_search_options: { search_context_size: "low" },
      top_k: 5,
      thinking: { type: "enabled", budget_tokens: 2048 },
    }).map((sample) =>
      sample.field === "max_tokens"
        ? { ...sample, set: { max_completion_tokens: null, ...sample.set } }
        : sample,
    ),
    { field: "response_format: json_object", set: { response_format: { type: "json_object" } } },
    { field: "modalities", set: { modalities: ["text"] } },
    {
      field: "audio",
      set: { audio: { voice: "alloy", format: "wav" }, modalities: ["text", "audio"] },
    },
    {
      field: "stream_options",
      set: { stream_options: { include_usage: true } },
      beside: { stream: true },
    },
    { field: "top_logprobs", set: { top_logprobs: 3 }, beside: { logprobs: true } },
    { field: "tools", set: chatTools },
    {
      field: "tools: description",
      set: { tools: [{ type: "function", function: { ...chatTool.function, description: "d" } }] },
      beside: chatTools,
    },
    {
      field: "tools: strict",
      set: { tools: [{ type: "function", function: { ...chatTool.function, strict: true } }] },
      beside: chatTools,
    },
    {
      field: "tools: custom",
      set: { tools: [{ type: "custom", custom: { name: "free" } }] },
    },
    { field: "tool_choice", set: { tool_choice: "required" }, beside: chatTools },
    {
      field: "tool_choice: one function",
      set: { tool_choice: { type: "function", function: { name: "weather" } } },
      beside: chatTools,
    },
    { field: "tool_choice: none", set: { tool_choice: "none" }, beside: chatTools },
    { field: "parallel_tool_calls", set: { parallel_tool_calls: false }, beside: chatTools },
    { field: "functions", set: { functions: [{ name: "weather", parameters: PARAMETERS }] } },
    {
      field: "function_call",
      set: { function_call: { name: "weather" } },
      beside: { functions: [{ name: "weather", parameters: PARAMETERS }] },
    },
    {
      field: "messages: system and developer",
      set: {
        messages: [
          { role: "system", content: "s" },
          { role: "developer", content: "d" },
          { role: "user", content: "Hi" },
        ],
      },
    },
    { field: "messages: name", set: { messages: [{ role: "user", name: "Ann", content: "Hi" }] } },
    part("image_url", { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } }),
    {
      field: "messages: image_url by address",
      set: said({ type: "image_url", image_url: { url: "https://example.com/a.png" } }),
    },
    {
      field: "messages: detail of an image",
      set: said({
        type: "image_url",
        image_url: { url: `data:image/png;base64,${PIXEL}`, detail: "low" },
      }),
      beside: said({ type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } }),
    },
    part("input_audio", { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } }),
    part("file", {
      type: "file",
      file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
    }),
    part("file_id", { type: "file", file: { file_id: "file-1" } }),
    part("prompt_cache_breakpoint", {
      type: "text",
      text: "x",
      prompt_cache_breakpoint: { type: "x" },
    }),
    {
      field: "messages: tool_calls and results",
      set: chatTurns(
        {
          role: "assistant",
          content: null,
          tool_calls: [
            { id: "c1", type: "function", function: { name: "weather", arguments: "{}" } },
          ],
        },
        { role: "tool", tool_call_id: "c1", content: "Sunny" },
      ),
      beside: chatTools,
    },
    { field: "messages: refusal", set: chatTurns({ role: "assistant", refusal: "No." }) },
    {
      field: "messages: audio of an answer",
      set: chatTurns({ role: "assistant", content: "x", audio: { id: "a1" } }),
      beside: chatTurns({ role: "assistant", content: "x" }),
    },
    {
      field: "messages: reasoning_content",
      set: chatTurns({ role: "assistant", content: "x", reasoning_content: "hm" }),
      beside: chatTurns({ role: "assistant", content: "x" }),
    },
  ],
};

const claudeTool = { name: "weather", input_schema: SCHEMA };
const claudeTools = { tools: [claudeTool] };
const claudeTurns = (...content: Json[]): Json => ({
  messages: [
    { role: "user", content: "Hi" },
    { role: "assistant", content },
    { role: "user", content: "Go on" },
  ],
});

const messages: Samples = {
  endpoint: "messages",
  source: "Anthropic API reference: Create a message",
  base: { messages: [{ role: "user", content: "Hi" }], max_tokens: 4000 },
  samples: [
    ...plain({
      max_tokens: 99,
      cache_control: { type: "ephemeral" },
      container: "c1",
      diagnostics: { a: 1 },
      inference_geo: "us",
      metadata: { user_id: "u" },
      service_tier: "standard_only",
      speed: "fast",
      stop_sequences: ["END"],
      stream: true,
      system: "s",
      temperature: 0.2,
      thinking: { type: "enabled", budget_tokens: 2048 },
      top_k: 5,
      top_p: 0.5,
      user_profile_id: "p",
      workspace_id: "w",
      mcp_servers: [{ type: "url", url: "https://example.com", name: "m" }],
      context_management: { edits: [] },
    }),
    { field: "output_config: effort", set: { output_config: { effort: "low" } } },
    {
      field: "output_config: format",
      set: { output_config: { format: { type: "json_schema", schema: SCHEMA } } },
    },
    { field: "tools", set: claudeTools },
    {
      field: "tools: description",
      set: { tools: [{ ...claudeTool, description: "d" }] },
      beside: claudeTools,
    },
    {
      field: "tools: strict",
      set: { tools: [{ ...claudeTool, strict: true }] },
      beside: claudeTools,
    },
    {
      field: "tools: cache_control",
      set: { tools: [{ ...claudeTool, cache_control: { type: "ephemeral" } }] },
      beside: claudeTools,
    },
    {
      field: "tools: input_examples",
      set: { tools: [{ ...claudeTool, input_examples: [{ city: "Paris" }] }] },
      beside: claudeTools,
    },
    {
      field: "tools: web_search",
      set: { tools: [{ type: "web_search_20250305", name: "web_search" }] },
    },
    { field: "tool_choice", set: { tool_choice: { type: "any" } }, beside: claudeTools },
    {
      field: "tool_choice: one tool",
      set: { tool_choice: { type: "tool", name: "weather" } },
      beside: claudeTools,
    },
    { field: "tool_choice: none", set: { tool_choice: { type: "none" } }, beside: claudeTools },
    {
      field: "tool_choice: disable_parallel_tool_use",
      set: { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
      beside: { ...claudeTools, tool_choice: { type: "auto" } },
    },
    {
      field: "system: cache_control",
      set: { system: [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }] },
      beside: { system: "s" },
    },
    part("image", {
      type: "image",
      source: { type: "base64", media_type: "image/png", data: PIXEL },
    }),
    part("image by address", {
      type: "image",
      source: { type: "url", url: "https://example.com/a.png" },
    }),
    part("image by file", { type: "image", source: { type: "file", file_id: "f" } }),
    part("document of text", {
      type: "document",
      source: { type: "text", media_type: "text/plain", data: "x" },
    }),
    part("document in PDF", {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
    }),
    {
      field: "messages: title and context of a document",
      set: said({
        type: "document",
        title: "t",
        context: "c",
        source: { type: "text", media_type: "text/plain", data: "x" },
      }),
      beside: said({
        type: "document",
        source: { type: "text", media_type: "text/plain", data: "x" },
      }),
    },
    {
      field: "messages: citations of a document",
      set: said({
        type: "document",
        citations: { enabled: true },
        source: { type: "text", media_type: "text/plain", data: "x" },
      }),
      beside: said({
        type: "document",
        source: { type: "text", media_type: "text/plain", data: "x" },
      }),
    },
    part("search_result", {
      type: "search_result",
      source: "https://example.com",
      title: "t",
      content: [{ type: "text", text: "x" }],
    }),
    {
      field: "messages: cache_control",
      set: said({ type: "text", text: "Hi", cache_control: { type: "ephemeral", ttl: "1h" } }),
      beside: said({ type: "text", text: "Hi" }),
    },
    {
      field: "messages: tool_use and tool_result",
      set: {
        messages: [
          { role: "user", content: "Hi" },
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "t1", name: "weather", input: {} }],
          },
          { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "Sunny" }] },
        ],
      },
      beside: claudeTools,
    },
    {
      field: "messages: is_error of a tool_result",
      set: {
        messages: [
          { role: "user", content: "Hi" },
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "t1", name: "weather", input: {} }],
          },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "t1", content: "x", is_error: true }],
          },
        ],
      },
      beside: {
        ...claudeTools,
        messages: [
          { role: "user", content: "Hi" },
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "t1", name: "weather", input: {} }],
          },
          { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "x" }] },
        ],
      },
    },
    {
      field: "messages: thinking",
      set: claudeTurns(
        { type: "thinking", thinking: "hm", signature: "c2ln" },
        { type: "text", text: "x" },
      ),
      beside: claudeTurns({ type: "text", text: "x" }),
    },
    {
      field: "messages: redacted_thinking",
      set: claudeTurns({ type: "redacted_thinking", data: "blob" }, { type: "text", text: "x" }),
      beside: claudeTurns({ type: "text", text: "x" }),
    },
    {
      field: "messages: citations of an answer",
      set: claudeTurns({
        type: "text",
        text: "x",
        citations: [
          {
            type: "char_location",
            cited_text: "c",
            document_index: 0,
            document_title: null,
            start_char_index: 0,
            end_char_index: 1,
          },
        ],
      }),
      beside: claudeTurns({ type: "text", text: "x" }),
    },
    {
      field: "messages: beginning of the answer",
      set: {
        messages: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "{" },
        ],
      },
    },
  ],
};

const responseTool = { type: "function", name: "weather", parameters: SCHEMA, strict: false };
const responseTools = { tools: [responseTool] };
const input = (...items: Json[]): Json => ({ input: [{ role: "user", content: "Hi" }, ...items] });

const responses: Samples = {
  endpoint: "responses",
  source: "OpenAI API reference: Create a model response",
  base: { input: "Hi", max_output_tokens: 500, store: false },
  samples: [
    ...plain({
      access_programs: ["a"],
      background: true,
      context_management: [{ type: "compaction" }],
      conversation: "c",
      image: { a: 1 },
      instructions: "s",
      max_output_tokens: 99,
      max_tool_calls: 2,
      metadata: { team: "a" },
      moderation: { model: "m" },
      previous_response_id: "resp_1",
      prompt: { id: "p" },
      prompt_cache_key: "k",
      prompt_cache_options: { ttl: "24h" },
      prompt_cache_retention: "24h",
      safety_identifier: "s",
      service_tier: "flex",
      store: true,
      stream: true,
      temperature: 0.2,
      top_logprobs: 3,
      top_p: 0.5,
      truncation: "auto",
      user: "u",
    }),
    { field: "include", set: { include: ["reasoning.encrypted_content"] } },
    { field: "include: logprobs", set: { include: ["message.output_text.logprobs"] } },
    {
      field: "include: results of tools that OpenAI runs",
      set: { include: ["web_search_call.action.sources"] },
    },
    { field: "reasoning: effort", set: { reasoning: { effort: "low" } } },
    { field: "reasoning: summary", set: { reasoning: { summary: "auto" } } },
    {
      field: "stream_options",
      set: { stream_options: { include_obfuscation: false } },
      beside: { stream: true },
    },
    {
      field: "text: format",
      set: { text: { format: { type: "json_schema", name: "a", schema: SCHEMA, strict: true } } },
    },
    { field: "text: verbosity", set: { text: { verbosity: "low" } } },
    { field: "tools", set: responseTools },
    {
      field: "tools: strict",
      set: { tools: [{ ...responseTool, strict: true }] },
      beside: responseTools,
    },
    { field: "tools: web_search", set: { tools: [{ type: "web_search" }] } },
    {
      field: "tools: file_search",
      set: { tools: [{ type: "file_search", vector_store_ids: ["v"] }] },
    },
    { field: "tool_choice", set: { tool_choice: "required" }, beside: responseTools },
    {
      field: "tool_choice: one function",
      set: { tool_choice: { type: "function", name: "weather" } },
      beside: responseTools,
    },
    { field: "parallel_tool_calls", set: { parallel_tool_calls: false }, beside: responseTools },
    {
      field: "input: input_image",
      set: {
        input: [
          {
            role: "user",
            content: [
              { type: "input_image", image_url: `data:image/png;base64,${PIXEL}`, detail: "auto" },
            ],
          },
        ],
      },
    },
    {
      field: "input: input_file",
      set: {
        input: [
          {
            role: "user",
            content: [
              {
                type: "input_file",
                filename: "a.pdf",
                file_data: "data:application/pdf;base64,JVBERi0=",
              },
            ],
          },
        ],
      },
    },
    {
      field: "input: function_call and its output",
      set: input(
        { type: "function_call", call_id: "c1", name: "weather", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "Sunny" },
      ),
      beside: responseTools,
    },
    {
      field: "input: reasoning",
      set: input(
        {
          type: "reasoning",
          id: "r",
          summary: [{ type: "summary_text", text: "hm" }],
          encrypted_content: "c2ln",
        },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "x" }] },
      ),
      beside: input({
        type: "message",
        role: "assistant",
        content: [{ type: "output_text", text: "x" }],
      }),
    },
    {
      field: "input: calls of tools that OpenAI runs",
      set: input({ type: "web_search_call", id: "w", status: "completed" }),
    },
  ],
};

const contents = (...parts: Json[]): Json => ({
  contents: [{ role: "user", parts: [{ text: "Hi" }, ...parts] }],
});
const config = (field: string, value: unknown, beside: Json = {}): Sample => ({
  field: `generationConfig.${field}`,
  set: { generationConfig: { maxOutputTokens: 500, ...beside, [field]: value } },
  beside: { generationConfig: { maxOutputTokens: 500, ...beside } },
});
const declared = {
  functionDeclarations: [
    { name: "weather", parameters: { type: "OBJECT", properties: { city: { type: "STRING" } } } },
  ],
};
const geminiTools = { tools: [declared] };
const modelTurn = (...parts: Json[]): Json => ({
  contents: [
    { role: "user", parts: [{ text: "Hi" }] },
    { role: "model", parts },
    { role: "user", parts: [{ text: "Go on" }] },
  ],
});

const generateContent: Samples = {
  endpoint: "generate-content",
  source: "Gemini API reference: Generating content",
  base: { ...contents(), generationConfig: { maxOutputTokens: 500 } },
  samples: [
    { field: "systemInstruction", set: { systemInstruction: { parts: [{ text: "s" }] } } },
    {
      field: "safetySettings",
      set: { safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }] },
    },
    { field: "cachedContent", set: { cachedContent: "c" } },
    { field: "labels", set: { labels: { team: "a" } } },
    { field: "store", set: { store: true } },
    { field: "serviceTier", set: { serviceTier: "flex" } },
    { field: "modelArmorConfig", set: { modelArmorConfig: { promptTemplateName: "t" } } },
    { field: "tools", set: geminiTools },
    { field: "tools: googleSearch", set: { tools: [{ googleSearch: {} }] } },
    {
      field: "toolConfig",
      set: { toolConfig: { functionCallingConfig: { mode: "ANY" } } },
      beside: geminiTools,
    },
    {
      field: "toolConfig: retrievalConfig",
      set: { toolConfig: { retrievalConfig: { languageCode: "en" } } },
      beside: geminiTools,
    },
    config("temperature", 0.2),
    config("topP", 0.5),
    config("topK", 5),
    config("candidateCount", 2),
    config("maxOutputTokens", 99),
    config("stopSequences", ["END"]),
    config("seed", 7),
    config("presencePenalty", 0.5),
    config("frequencyPenalty", 0.5),
    config("responseLogprobs", true),
    config("logprobs", 3, { responseLogprobs: true }),
    config("responseMimeType", "application/json"),
    config(
      "responseSchema",
      { type: "OBJECT", properties: { a: { type: "STRING" } } },
      { responseMimeType: "application/json" },
    ),
    config("responseJsonSchema", SCHEMA, { responseMimeType: "application/json" }),
    config("responseModalities", ["AUDIO"]),
    config("thinkingConfig", { thinkingBudget: 2048 }),
    config("mediaResolution", "MEDIA_RESOLUTION_LOW"),
    config("speechConfig", { languageCode: "de" }),
    config("audioTimestamp", true),
    config("routingConfig", { autoMode: {} }),
    config("modelSelectionConfig", { featureSelectionPreference: "PRIORITIZE_COST" }),
    config("imageConfig", { aspectRatio: "1:1" }),
    config("audioTranscriptionConfig", {}),
    config("enableEnhancedCivicAnswers", true),
    config("continuationToken", "t"),
    config("automaticContinuation", true),
    config("generationOutputConfig", { a: 1 }),
    {
      field: "contents: inlineData",
      set: contents({ inlineData: { mimeType: "image/png", data: PIXEL } }),
    },
    {
      field: "contents: fileData",
      set: contents({ fileData: { mimeType: "image/png", fileUri: "https://example.com/a.png" } }),
    },
    {
      field: "contents: videoMetadata",
      set: contents({ text: "x", videoMetadata: { fps: 1 } }),
      beside: contents({ text: "x" }),
    },
    {
      field: "contents: mediaResolution",
      set: contents({
        inlineData: { mimeType: "image/png", data: PIXEL },
        mediaResolution: { level: "MEDIA_RESOLUTION_LOW" },
      }),
      beside: contents({ inlineData: { mimeType: "image/png", data: PIXEL } }),
    },
    {
      field: "contents: executableCode",
      set: modelTurn({ executableCode: { language: "PYTHON", code: "1" } }),
    },
    {
      field: "contents: functionCall and functionResponse",
      set: {
        contents: [
          { role: "user", parts: [{ text: "Hi" }] },
          { role: "model", parts: [{ functionCall: { name: "weather", args: {} } }] },
          {
            role: "user",
            parts: [{ functionResponse: { name: "weather", response: { output: "x" } } }],
          },
        ],
      },
      beside: geminiTools,
    },
    {
      field: "contents: thought and thoughtSignature",
      set: modelTurn({ text: "hm", thought: true, thoughtSignature: "c2ln" }, { text: "x" }),
      beside: modelTurn({ text: "x" }),
    },
  ],
};

const completions: Samples = {
  endpoint: "completions",
  source: "OpenAI API reference: Create completion",
  base: { prompt: "Hi", max_tokens: 4000 },
  samples: [
    ...plain({
      best_of: 2,
      echo: true,
      frequency_penalty: 0.5,
      logit_bias: { "50256": -100 },
      logprobs: 2,
      max_tokens: 99,
      n: 2,
      presence_penalty: 0.5,
      seed: 7,
      stop: ["END"],
      stream: true,
      suffix: "the end",
      temperature: 0.5,
      top_p: 0.5,
      user: "u-1",
    }),
    { field: "prompt: several", set: { prompt: ["Hi", "You"] } },
    { field: "prompt: tokens", set: { prompt: [1, 2] } },
    {
      field: "stream_options",
      set: { stream_options: { include_usage: true } },
      beside: { stream: true },
    },
  ],
};

const cohereTool = { type: "function", function: { name: "weather", parameters: SCHEMA } };
const cohereTurns = (...turns: Json[]): Json => ({
  messages: [{ role: "user", content: "Hi" }, ...turns, { role: "user", content: "Go on" }],
});
const cohereChat: Samples = {
  endpoint: "cohere-chat",
  source: "Cohere API reference: Chat (v2)",
  base: { messages: [{ role: "user", content: "Hi" }], max_tokens: 4000 },
  samples: [
    ...plain({
      documents: ["Penguins eat fish."],
      frequency_penalty: 0.5,
      k: 40,
      logprobs: true,
      max_tokens: 99,
      p: 0.5,
      presence_penalty: 0.5,
      priority: 1,
      response_format: { type: "json_object" },
      safety_mode: "STRICT",
      seed: 7,
      stop_sequences: ["END"],
      stream: true,
      temperature: 0.5,
      thinking: { type: "enabled", token_budget: 1024 },
      tools: [cohereTool],
    }),
    {
      field: "citation_options",
      set: { citation_options: { mode: "OFF" } },
      beside: { documents: ["Penguins eat fish."] },
    },
    { field: "strict_tools", set: { strict_tools: true }, beside: { tools: [cohereTool] } },
    { field: "tool_choice", set: { tool_choice: "REQUIRED" }, beside: { tools: [cohereTool] } },
    {
      field: "response_format: json_schema",
      set: { response_format: { type: "json_object", json_schema: SCHEMA } },
    },
    {
      field: "messages: image_url",
      set: said(
        { type: "text", text: "Hi" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
      ),
    },
    {
      field: "messages: system",
      set: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Hi" },
        ],
      },
    },
    {
      field: "messages: thinking",
      set: cohereTurns({
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm" },
          { type: "text", text: "Yes" },
        ],
      }),
      beside: cohereTurns({ role: "assistant", content: "Yes" }),
    },
    {
      field: "messages: tool_calls",
      set: cohereTurns(
        {
          role: "assistant",
          tool_plan: "I look.",
          tool_calls: [
            { id: "c_1", type: "function", function: { name: "weather", arguments: "{}" } },
          ],
        },
        {
          role: "tool",
          tool_call_id: "c_1",
          content: [{ type: "document", document: { data: { text: "Sunny" } } }],
        },
      ),
      beside: { tools: [cohereTool] },
    },
  ],
};

export const allSamples: readonly Samples[] = [
  chat,
  messages,
  responses,
  generateContent,
  completions,
  cohereChat,
  ...taskSamples,
];
