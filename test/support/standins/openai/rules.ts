import { OpenAiError } from "./errors.ts";
import type { ChatMessage, ChatRequest } from "./schema.ts";

/** Models that reason: other parameters apply to them. */
export const isReasoningModel = (model: string): boolean => /^(o\d|gpt-[5-9])/.test(model);

/** What the reference demands across fields. @throws {OpenAiError} 400 */
export function checkRules(request: ChatRequest): void {
  checkOptions(request);
  checkModelOptions(request);
  checkConversation(request.messages);
  checkFormat(request);
}

function checkOptions(request: ChatRequest): void {
  if (request.stream_options != null && !request.stream) {
    refuse(
      "stream_options",
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    );
  }
  for (const field of ["tool_choice", "parallel_tool_calls"] as const) {
    if (request[field] !== undefined && request.tools === undefined) {
      refuse(field, `'${field}' is only allowed when 'tools' are specified.`);
    }
  }
  if (request.top_logprobs != null && !request.logprobs) {
    refuse("top_logprobs", "'top_logprobs' is only allowed when 'logprobs' is enabled.");
  }
  if (request.max_tokens != null && request.max_completion_tokens != null) {
    refuse(
      "max_tokens",
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    );
  }
  if (request.modalities?.includes("audio") && request.audio == null) {
    refuse("audio", "'audio' is required when modalities include 'audio'.");
  }
  if (Object.keys(request.metadata ?? {}).length > 16) {
    refuse(
      "metadata",
      "Invalid 'metadata': too many properties. Expected an object with at most 16 properties.",
    );
  }
  const choice = request.tool_choice;
  if (typeof choice === "object" && choice.type === "function") {
    const { name } = choice.function;
    const known = request.tools?.some(
      (tool) => tool.type === "function" && tool.function.name === name,
    );
    if (!known) {
      refuse(
        "tool_choice",
        `Invalid value for 'tool_choice': no function named '${name}' was specified in the 'tools' parameter.`,
      );
    }
  }
}

function checkModelOptions(request: ChatRequest): void {
  const { model } = request;
  if (!isReasoningModel(model)) {
    if (request.reasoning_effort != null) {
      throw new OpenAiError(400, "Unrecognized request argument supplied: reasoning_effort");
    }
    return;
  }
  if (request.max_tokens != null) {
    unsupported("max_tokens", "Use 'max_completion_tokens' instead.");
  }
  if (request.temperature != null && request.temperature !== 1) {
    throw new OpenAiError(
      400,
      `Unsupported value: 'temperature' does not support ${request.temperature} with this model. Only the default (1) value is supported.`,
      { param: "temperature", code: "unsupported_value" },
    );
  }
  for (const field of [
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "logprobs",
    "stop",
  ] as const) {
    if (request[field] != null) unsupported(field);
  }
}

function unsupported(field: string, instead = ""): never {
  throw new OpenAiError(
    400,
    `Unsupported parameter: '${field}' is not supported with this model. ${instead}`.trim(),
    { param: field, code: "unsupported_parameter" },
  );
}

/** Every tool call is answered, by the messages right after it and by those alone. */
function checkConversation(messages: ChatMessage[]): void {
  let open = new Set<string>();
  messages.forEach((message, index) => {
    if (message.role === "tool") {
      if (!open.delete(message.tool_call_id)) {
        refuse(
          `messages.[${index}].role`,
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        );
      }
      return;
    }
    demandAnswered(open, index);
    checkMessage(message, index);
    open = new Set(message.role === "assistant" ? message.tool_calls?.map(({ id }) => id) : []);
  });
  demandAnswered(open, messages.length);
}

function demandAnswered(open: Set<string>, index: number): void {
  if (open.size === 0) return;
  refuse(
    `messages.[${index}].role`,
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(", ")}`,
  );
}

function checkMessage(message: ChatMessage, index: number): void {
  if (message.role === "assistant") {
    const { content, tool_calls, function_call, refusal, audio } = message;
    if (content == null && !(tool_calls || function_call || refusal || audio)) {
      refuse(
        `messages.[${index}].content`,
        "Invalid value for 'content': expected a string, got null.",
      );
    }
  }
  if (message.role !== "user" || typeof message.content === "string") return;
  for (const part of message.content) {
    if (part.type === "image_url") checkImage(part.image_url.url);
    if (
      part.type === "file" &&
      part.file.file_id === undefined &&
      part.file.file_data === undefined
    ) {
      refuse(`messages[${index}].content`, "Missing required parameter: 'file_id' or 'file_data'.");
    }
  }
}

function checkImage(url: string): void {
  if (/^https?:\/\//.test(url)) return;
  const data = /^data:image\/(png|jpeg|gif|webp);base64,(.*)$/s.exec(url)?.[2];
  if (data !== undefined && data !== "" && /^[A-Za-z0-9+/]*={0,2}$/.test(data)) return;
  throw new OpenAiError(
    400,
    "Invalid image URL: expected an http(s) address or a base64 data URL of a png, jpeg, gif or webp image.",
    { code: "invalid_image_url" },
  );
}

function checkFormat({ response_format: format, messages, tools }: ChatRequest): void {
  if (format?.type === "json_object" && !/json/i.test(JSON.stringify(messages))) {
    refuse(
      "messages",
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    );
  }
  if (format?.type === "json_schema" && format.json_schema.strict) {
    checkStrict(
      format.json_schema.schema ?? {},
      `response_format '${format.json_schema.name}'`,
      "response_format",
    );
  }
  tools?.forEach((tool, index) => {
    if (tool.type === "function" && tool.function.strict) {
      const where = `function '${tool.function.name}'`;
      checkStrict(tool.function.parameters ?? {}, where, `tools[${index}].function.parameters`);
    }
  });
}

/** Strict schemas close every object and require every property. */
function checkStrict(schema: Record<string, unknown>, where: string, param: string): void {
  const walk = (node: unknown, context: string[]): void => {
    if (typeof node !== "object" || node === null) return;
    const inner = node as Record<string, unknown>;
    if (inner.type === "object" || inner.properties !== undefined) {
      const at = `In context=(${context.map((key) => `'${key}'`).join(", ")})`;
      if (inner.additionalProperties !== false) {
        invalidSchema(`${at}, 'additionalProperties' is required to be supplied and to be false.`);
      }
      const required = Array.isArray(inner.required) ? inner.required : [];
      const forgotten = Object.keys(inner.properties ?? {}).find((key) => !required.includes(key));
      if (forgotten !== undefined) {
        invalidSchema(
          `${at}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${forgotten}'.`,
        );
      }
    }
    for (const [key, value] of Object.entries(inner)) walk(value, [...context, key]);
  };
  const invalidSchema = (problem: string): never => {
    throw new OpenAiError(400, `Invalid schema for ${where}: ${problem}`, {
      param,
      code: "invalid_json_schema",
    });
  };
  if (schema.type !== "object") invalidSchema(`schema must be a JSON Schema of 'type: "object"'.`);
  walk(schema, []);
}

function refuse(param: string, message: string): never {
  throw new OpenAiError(400, message, { param });
}
