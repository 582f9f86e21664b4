import type { Prompt } from "../script.ts";
import { blocksOf } from "./conversation.ts";
import { isThinking } from "./options.ts";
import type { Block, CountRequest, Message, MessagesRequest } from "./schema.ts";
import { unseal } from "./signature.ts";

/** A stretch of the prompt, up to where a cache breakpoint may stand. */
export interface Segment {
  text: string;
  images: number;
  cache?: "5m" | "1h";
}

/** The whole prompt in the order in which it is cached: tools, system, messages. */
export function segments(request: CountRequest): Segment[] {
  const all = [
    ...(request.tools ?? []).map(({ name, cache_control }) => ({
      // Tools count no tokens, as with the other vendors' stand-ins, but their names tell prompts apart.
      ...marked(cache_control),
      text: "",
      images: 0,
      key: name,
    })),
    ...systemBlocks(request).map((block) => segment(block)),
    ...request.messages.flatMap((message) => blocksOf(message).map(segment)),
  ];
  const last = all.at(-1);
  if (request.cache_control != null && last) Object.assign(last, marked(request.cache_control));
  return all;
}

const marked = (control: { ttl?: "5m" | "1h" | undefined } | null | undefined) =>
  control == null ? {} : { cache: control.ttl ?? ("5m" as const) };

function segment(block: Block): Segment {
  const control = "cache_control" in block ? (block.cache_control as { ttl?: "5m" }) : undefined;
  return { ...marked(control), text: textOf(block), images: imagesIn(block) };
}

const systemBlocks = ({ system }: CountRequest): Block[] =>
  typeof system === "string" ? [{ type: "text", text: system }] : (system ?? []);

/** What the script reads of a request. */
export function toPrompt(request: MessagesRequest): Prompt {
  const { messages, tool_choice: choice, output_config: output } = request;
  const all = segments(request);
  const lastUser = messages.findLast(({ role }) => role === "user");
  return {
    texts: all.map(({ text }) => text),
    userText: lastUser ? textsOf(lastUser).join("\n") : "",
    toolResults: lastUser && messages.at(-1) === lastUser ? toolResults(lastUser) : [],
    images: all.reduce((sum, { images }) => sum + images, 0),
    tools: (request.tools ?? []).flatMap((tool) =>
      "input_schema" in tool ? [{ name: tool.name, schema: tool.input_schema }] : [],
    ),
    toolChoice: toolChoice(choice),
    parallelToolCalls: !(
      choice &&
      "disable_parallel_tool_use" in choice &&
      choice.disable_parallel_tool_use
    ),
    ...(output?.format ? { json: { schema: output.format.schema } } : {}),
    reasoning: isThinking(request),
    maxTokens: request.max_tokens,
    stop: request.stop_sequences ?? [],
  };
}

function toolChoice(choice: MessagesRequest["tool_choice"]): Prompt["toolChoice"] {
  switch (choice?.type) {
    case "tool":
      return { name: choice.name };
    case "any":
      return "required";
    case "none":
      return "none";
    default:
      return "auto";
  }
}

const textsOf = (message: Message): string[] =>
  blocksOf(message).flatMap((block) => (block.type === "text" ? [block.text] : []));

const toolResults = (message: Message): string[] =>
  blocksOf(message).flatMap((block) => (block.type === "tool_result" ? [textOf(block)] : []));

/** What a model reads of a block. */
export function textOf(block: Block): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "thinking":
      return unseal(block.signature) ?? "";
    case "tool_use":
      return JSON.stringify(block.input);
    case "tool_result":
      return typeof block.content === "string"
        ? block.content
        : (block.content ?? [])
            .map((inner) => (inner.type === "tool_reference" ? "" : textOf(inner)))
            .join("\n");
    case "document":
      return documentText(block);
    case "search_result":
      return block.content.map(({ text }) => text).join("\n");
    default:
      return "";
  }
}

export function documentText({ source }: Block & { type: "document" }): string {
  if (source.type === "text") return source.data;
  if (source.type !== "content") return "";
  return typeof source.content === "string"
    ? source.content
    : source.content.map(textOf).join("\n");
}

function imagesIn(block: Block): number {
  if (block.type === "image") return 1;
  const inner = block.type === "tool_result" && Array.isArray(block.content) ? block.content : [];
  return inner.filter(({ type }) => type === "image").length;
}
