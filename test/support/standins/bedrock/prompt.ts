import type { Segment } from "../anthropic/prompt.ts";
import type { Prompt } from "../script.ts";
import type { ContentBlock, Document, ToolResult } from "./blocks.ts";
import { reasons } from "./rules.ts";
import type { ConverseRequest } from "./schema.ts";

/** The whole prompt in the order in which it is cached: tools, system, messages. */
export function segments(request: ConverseRequest): Segment[] {
  const all: Segment[] = [];
  const add = (text: string, images = 0) => all.push({ text, images });
  const mark = (point: { ttl?: "5m" | "1h" | undefined } | undefined) => {
    const last = all.at(-1);
    if (point !== undefined && last !== undefined) last.cache = point.ttl ?? "5m";
  };
  for (const { toolSpec, cachePoint } of request.toolConfig?.tools ?? []) {
    // Tools count no tokens, as with the other vendors' stand-ins.
    if (toolSpec) add("");
    mark(cachePoint);
  }
  for (const { text, guardContent, cachePoint } of request.system ?? []) {
    if (cachePoint === undefined) add(text ?? guardContent?.text?.text ?? "");
    mark(cachePoint);
  }
  for (const block of request.messages.flatMap(({ content }) => content)) {
    if (block.cachePoint === undefined) add(textOf(block), imagesIn(block));
    mark(block.cachePoint);
  }
  return all;
}

/** What the script reads of a request. */
export function toPrompt(request: ConverseRequest): Prompt {
  const { messages, toolConfig, inferenceConfig = {}, outputConfig } = request;
  const all = segments(request);
  const lastUser = messages.findLast(({ role }) => role === "user");
  const schema = outputConfig?.textFormat?.structure.jsonSchema?.schema;
  const { maxTokens } = inferenceConfig;
  return {
    texts: all.map(({ text }) => text),
    userText: (lastUser?.content ?? []).flatMap(({ text }) => text ?? []).join("\n"),
    toolResults:
      messages.at(-1) === lastUser
        ? (lastUser?.content ?? []).flatMap(({ toolResult }) =>
            toolResult ? [toolResultText(toolResult)] : [],
          )
        : [],
    images: all.reduce((sum, { images }) => sum + images, 0),
    tools: (toolConfig?.tools ?? []).flatMap(({ toolSpec }) =>
      toolSpec ? [{ name: toolSpec.name, schema: toolSpec.inputSchema.json ?? {} }] : [],
    ),
    ...toolChoice(request),
    ...(schema === undefined ? {} : { json: { schema: JSON.parse(schema) } }),
    reasoning: reasons(request),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    stop: inferenceConfig.stopSequences ?? [],
  };
}

/** Claude's own `tool_choice` rules over Converse's. */
function toolChoice({
  toolConfig,
  additionalModelRequestFields: fields = {},
}: ConverseRequest): Pick<Prompt, "toolChoice" | "parallelToolCalls"> {
  const claude = fields.tool_choice as
    | { type?: string; name?: string; disable_parallel_tool_use?: boolean }
    | undefined;
  const parallelToolCalls = claude?.disable_parallel_tool_use !== true;
  const name = claude?.name ?? toolConfig?.toolChoice?.tool?.name;
  if (name !== undefined) return { toolChoice: { name }, parallelToolCalls };
  const forced = claude?.type === "any" || toolConfig?.toolChoice?.any !== undefined;
  return { toolChoice: forced ? "required" : "auto", parallelToolCalls };
}

/** What a model reads of a block. */
function textOf({ text, reasoningContent, toolUse, toolResult, document, ...rest }: ContentBlock) {
  if (text !== undefined) return text;
  if (toolUse) return JSON.stringify(toolUse.input);
  if (toolResult) return toolResultText(toolResult);
  if (document) return documentText(document);
  if (rest.citationsContent) {
    return (rest.citationsContent.content ?? []).map((part) => part.text ?? "").join("");
  }
  if (rest.searchResult) return rest.searchResult.content.map((part) => part.text).join("\n");
  if (rest.guardContent) return rest.guardContent.text?.text ?? "";
  return reasoningContent?.reasoningText?.text ?? "";
}

const toolResultText = ({ content }: ToolResult): string =>
  content
    .map(({ text, json, document }) => {
      if (text !== undefined) return text;
      if (json !== undefined) return JSON.stringify(json);
      return document ? documentText(document) : "";
    })
    .join("\n");

function documentText({ format, source }: Document): string {
  if (source.text !== undefined) return source.text;
  if (source.content) return source.content.map(({ text }) => text ?? "").join("\n");
  const readable = format !== undefined && ["csv", "html", "txt", "md"].includes(format);
  return readable ? Buffer.from(source.bytes ?? "", "base64").toString() : "";
}

const imagesIn = ({ image, toolResult }: ContentBlock): number =>
  (image ? 1 : 0) + (toolResult?.content.filter((inner) => inner.image).length ?? 0);
