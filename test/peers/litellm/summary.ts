import type { Api } from "./requests.ts";
import type { Json, Outcome } from "./sides.ts";

/** What of an outcome means the same, however it is told. */
export interface Summary {
  error?: number;
  text?: string;
  /** `get_weather({"city":"Paris"})` */
  calls?: string[];
  finish?: unknown;
  /** Input and output. */
  tokens?: unknown[];
  reasoning?: string;
}

export function summary(api: Api, { answer, events, error }: Outcome): Summary {
  if (error !== undefined) return { error: error.status };
  const whole = answer ?? {};
  switch (api) {
    case "chat":
      return answer === undefined ? chatStream(events ?? []) : chat(whole);
    case "messages":
      return message(answer ?? gathered(events ?? []));
    case "responses":
      return response(answer ?? (Object(events?.at(-1)).response as Json));
  }
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const call = (name: unknown, args: unknown): string =>
  `${name}(${JSON.stringify(typeof args === "string" ? JSON.parse(args || "{}") : args)})`;

function chat({ choices, usage }: Json): Summary {
  const [choice = {}] = list(choices);
  const message = Object(choice.message) as Json;
  return {
    text: textOf(message.content),
    calls: list(message.tool_calls).map((it) => {
      const { name, arguments: args } = Object(it.function);
      return call(name, args);
    }),
    finish: choice.finish_reason,
    tokens: [Object(usage).prompt_tokens, Object(usage).completion_tokens],
    reasoning: textOf(message.reasoning_content),
  };
}

function chatStream(chunks: Json[]): Summary {
  const deltas = chunks.flatMap(({ choices }) => list(choices)).map(({ delta }) => Object(delta));
  const calls: Json[] = [];
  for (const { index, function: part } of deltas.flatMap((delta) => list(delta.tool_calls))) {
    const at = Number(index ?? 0);
    const { name, arguments: args } = Object(part);
    const known = calls[at] ?? { name, arguments: "" };
    calls[at] = { ...known, arguments: textOf(known.arguments) + textOf(args) };
  }
  const usage = chunks.findLast((chunk) => chunk.usage != null)?.usage;
  return {
    text: deltas.map(({ content }) => textOf(content)).join(""),
    calls: calls.map(({ name, arguments: args }) => call(name, args)),
    finish: chunks.flatMap(({ choices }) => list(choices)).findLast((it) => it.finish_reason)
      ?.finish_reason,
    tokens: [Object(usage).prompt_tokens, Object(usage).completion_tokens],
    reasoning: deltas.map(({ reasoning_content: it }) => textOf(it)).join(""),
  };
}

function message({ content, stop_reason: finish, usage }: Json): Summary {
  const blocks = list(content);
  return {
    text: blocks.map(({ text }) => textOf(text)).join(""),
    calls: blocks
      .filter(({ type }) => type === "tool_use")
      .map(({ name, input }) => call(name, input)),
    finish,
    tokens: [Object(usage).input_tokens, Object(usage).output_tokens],
    reasoning: blocks.map(({ thinking }) => textOf(thinking)).join(""),
  };
}

/** The message that the events of a stream come to. */
function gathered(events: Json[]): Json {
  const content: Json[] = [];
  let usage: Json = {};
  let stop: unknown;
  for (const { type, index, content_block: block, delta, message: start, ...rest } of events) {
    const part = Object(delta) as Json;
    if (type === "message_start") usage = { ...Object(Object(start).usage) };
    if (type === "content_block_start") content[Number(index)] = { ...Object(block), json: "" };
    const open = content[Number(index)];
    if (type === "content_block_delta" && open !== undefined) {
      open.text = textOf(open.text) + textOf(part.text);
      open.json = textOf(open.json) + textOf(part.partial_json);
    }
    if (type === "message_delta") {
      stop = part.stop_reason;
      usage = { ...usage, ...Object(rest.usage) };
    }
  }
  for (const block of content) if (block?.json) block.input = JSON.parse(textOf(block.json));
  return { content, stop_reason: stop, usage };
}

function response({ output, status, usage }: Json): Summary {
  const items = list(output);
  return {
    text: items
      .flatMap(({ type, content }) => (type === "message" ? list(content) : []))
      .map(({ text }) => textOf(text))
      .join(""),
    calls: items
      .filter(({ type }) => type === "function_call")
      .map(({ name, arguments: args }) => call(name, args)),
    finish: status,
    tokens: [Object(usage).input_tokens, Object(usage).output_tokens],
  };
}
