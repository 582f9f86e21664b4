import type {
  Conversation,
  DocumentPart,
  MediaSource,
  Part,
  Tool,
  ToolChoice,
  Turn,
} from "../conversation/conversation.ts";
import { unsupported } from "../lib/errors.ts";
import { present } from "../lib/present.ts";
import { jsonAnswer } from "../tasks/read.ts";
import type { TaskProvider } from "../tasks/task.ts";
import type { ApiPath } from "./openai-api.ts";

type Item = Record<string, unknown>;

/**
 * What a response would be made from, counted.
 * https://platform.openai.com/docs/api-reference/responses/input-tokens
 */
export const openAiCount = (pathOf: ApiPath): TaskProvider<"count"> => ({
  encode({ model, conversation }, context) {
    const dropped = new Set<string>();
    const { system, turns, tools, toolChoice, parallelToolCalls, reasoning } = conversation;
    if (reasoning !== undefined) dropped.add("reasoning");
    const body = {
      model,
      input: turns.flatMap((turn) => itemsOf(turn, dropped)),
      ...(system.length === 0 ? {} : { instructions: system.map(({ text }) => text).join("\n\n") }),
      ...(tools.length === 0 ? {} : { tools: tools.map(functionOf) }),
      ...present({
        tool_choice: toolChoice && choiceOf(toolChoice),
        parallel_tool_calls: parallelToolCalls,
        text: formatOf(conversation),
      }),
    };
    return {
      path: pathOf(context, "responses/input_tokens", model),
      body: Buffer.from(JSON.stringify(body)),
      headers: [["content-type", "application/json"]],
      dropped: [...dropped],
    };
  },
  decode: (body) => ({ tokens: jsonAnswer(body).get("input_tokens").number() }),
});

/** Words stay together in one message; calls and their results are items of their own. */
function itemsOf({ role, content }: Turn, dropped: Set<string>): Item[] {
  const items: Item[] = [];
  let message: Item[] | undefined;
  for (const part of content) {
    const item = callOf(part, dropped);
    if (item !== undefined) {
      items.push(item);
      message = undefined;
      continue;
    }
    const said = contentOf(part, role, dropped);
    if (said.length === 0) continue;
    if (message === undefined) {
      message = [];
      items.push({ type: "message", role, content: message });
    }
    message.push(...said);
  }
  return items;
}

function callOf(part: Part, dropped: Set<string>): Item | undefined {
  if (part.type === "tool-use") {
    const { id, name, input } = part;
    return { type: "function_call", call_id: id, name, arguments: JSON.stringify(input ?? {}) };
  }
  if (part.type === "tool-result") {
    const output = part.content.flatMap((inner) => contentOf(inner, "user", dropped));
    return { type: "function_call_output", call_id: part.toolUseId, output };
  }
  return undefined;
}

function contentOf(part: Part, role: Turn["role"], dropped: Set<string>): Item[] {
  switch (part.type) {
    case "text":
      return [{ type: role === "user" ? "input_text" : "output_text", text: part.text }];
    case "image":
      return [{ type: "input_image", detail: part.detail ?? "auto", ...imageOf(part.source) }];
    case "document":
      return documentOf(part, role, dropped);
    case "refusal":
      return [{ type: "refusal", refusal: part.text }];
    case "thinking":
    case "redacted-thinking":
      dropped.add("thinking of another vendor's model");
      return [];
    default:
      throw unsupported(`OpenAI does not count ${part.type} parts`, "messages");
  }
}

const dataUrl = ({ mediaType, data }: { mediaType: string; data: string }): string =>
  `data:${mediaType};base64,${data}`;

function imageOf(source: MediaSource): Item {
  if (source.kind === "file") return { file_id: source.fileId };
  return { image_url: source.kind === "url" ? source.url : dataUrl(source) };
}

function documentOf(
  { source, title }: DocumentPart,
  role: Turn["role"],
  dropped: Set<string>,
): Item[] {
  switch (source.kind) {
    case "text":
      return [{ type: "input_text", text: source.text }];
    case "content":
      return source.content.flatMap((part) => contentOf(part, role, dropped));
    case "file":
      return [{ type: "input_file", file_id: source.fileId }];
    case "url":
      return [{ type: "input_file", file_url: source.url }];
    case "base64":
      return [
        { type: "input_file", filename: title ?? "document.pdf", file_data: dataUrl(source) },
      ];
  }
}

const functionOf = ({ name, description, inputSchema, strict }: Tool): Item => ({
  type: "function",
  name,
  parameters: inputSchema,
  strict: strict ?? false,
  ...present({ description }),
});

function choiceOf(choice: ToolChoice): unknown {
  if (choice.type === "tool") return { type: "function", name: choice.name };
  return choice.type === "any" ? "required" : choice.type;
}

function formatOf({ outputFormat }: Conversation): Item | undefined {
  if (outputFormat?.type !== "json-schema") return undefined;
  const { name, schema, strict, description } = outputFormat;
  return { format: { type: "json_schema", name, schema, ...present({ strict, description }) } };
}
