import type { WireEvent } from "./cases.ts";

/** Streams put together again, as their clients do it: what comes out is the answer that comes whole. */
type Json = Record<string, unknown>;

export const fold: Readonly<Record<string, (events: readonly WireEvent[]) => unknown>> = {
  "chat-completions": foldChat,
  completions: foldCompletion,
  messages: foldMessage,
  // The last event has all of it.
  responses: (events) => Object(events.at(-1)?.data).response,
  "generate-content": foldContent,
  "cohere-chat": foldCohere,
};

const object = (value: unknown): Json => Object(value) as Json;
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const chunks = (events: readonly WireEvent[]): Json[] =>
  events.map(({ data }) => data).filter((data): data is Json => data !== "[DONE]");

/** Members of both; texts follow each other. */
function append(message: Json, delta: Json): void {
  for (const [name, value] of Object.entries(delta)) {
    if (value === null && message[name] !== undefined) continue;
    const known = message[name];
    if (name === "tool_calls" || name === "thinking_blocks") {
      message[name] = appendByIndex(list(known), list(value));
    } else if (typeof known === "string" && typeof value === "string" && !FIXED.has(name)) {
      message[name] = known + value;
    } else if (isObject(known) && isObject(value)) append(known, value);
    else message[name] = value;
  }
}
const FIXED = new Set(["role", "type", "id"]);
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function appendByIndex(known: Json[], pieces: Json[]): Json[] {
  const all = [...known];
  for (const { index, ...piece } of pieces) {
    const at = index as number;
    if (all[at] === undefined) all[at] = piece;
    else append(all[at], piece);
  }
  return all;
}

function foldChoices(events: readonly WireEvent[], take: (choice: Json, piece: Json) => void) {
  const choices: Json[] = [];
  let head: Json = {};
  for (const { choices: pieces, ...rest } of chunks(events)) {
    head = { ...head, ...rest };
    for (const piece of list(pieces)) {
      const at = piece.index as number;
      choices[at] ??= { index: at, logprobs: null };
      take(choices[at], piece);
      if (piece.finish_reason !== null) choices[at].finish_reason = piece.finish_reason;
    }
  }
  return { ...head, choices };
}

function addLogprobs(choice: Json, piece: Json): void {
  if (!isObject(piece.logprobs)) return;
  const known = isObject(choice.logprobs) ? choice.logprobs : undefined;
  choice.logprobs = Object.fromEntries(
    Object.entries(piece.logprobs).map(([name, values]) => [
      name,
      Array.isArray(values) ? [...list(known?.[name]), ...values] : values,
    ]),
  );
}

function foldChat(events: readonly WireEvent[]): unknown {
  const folded = foldChoices(events, (choice, piece) => {
    choice.message ??= {};
    append(object(choice.message), object(piece.delta));
    addLogprobs(choice, piece);
  });
  return { ...folded, object: "chat.completion" };
}

function foldCompletion(events: readonly WireEvent[]): unknown {
  return foldChoices(events, (choice, piece) => {
    choice.text = `${choice.text ?? ""}${piece.text}`;
    addLogprobs(choice, piece);
  });
}

function foldMessage(events: readonly WireEvent[]): unknown {
  let message: Json = {};
  const content: Json[] = [];
  for (const { data } of events) {
    const event = object(data);
    const block = content[event.index as number];
    const delta = object(event.delta);
    if (event.type === "message_start") message = object(event.message);
    else if (event.type === "content_block_start") content.push({ ...object(event.content_block) });
    else if (event.type === "content_block_delta" && block !== undefined) {
      if (delta.type === "citations_delta")
        block.citations = [...list(block.citations), object(delta.citation)];
      else if (delta.type === "input_json_delta")
        block.json = `${block.json ?? ""}${delta.partial_json}`;
      else if (delta.type === "text_delta") block.text = `${block.text}${delta.text}`;
      else if (delta.type === "thinking_delta")
        block.thinking = `${block.thinking}${delta.thinking}`;
      else block.signature = delta.signature;
    } else if (event.type === "content_block_stop" && block?.json !== undefined) {
      const { json, ...rest } = block;
      content[event.index as number] = { ...rest, input: JSON.parse(String(json)) };
    } else if (event.type === "message_delta") {
      message = { ...message, ...delta, usage: event.usage };
    }
  }
  return { ...message, content };
}

function foldContent(events: readonly WireEvent[]): unknown {
  const candidates: Json[] = [];
  let head: Json = {};
  for (const { candidates: pieces, ...rest } of chunks(events)) {
    head = { ...head, ...rest };
    for (const { content, logprobsResult, ...ending } of list(pieces)) {
      const at = ending.index as number;
      candidates[at] ??= { content: { role: "model", parts: [] } };
      const candidate = candidates[at];
      Object.assign(candidate, ending);
      if (logprobsResult !== undefined) {
        const known = object(candidate.logprobsResult);
        candidate.logprobsResult = Object.fromEntries(
          Object.entries(object(logprobsResult)).map(([name, values]) => [
            name,
            [...list(known[name]), ...list(values)],
          ]),
        );
      }
      const parts = list(object(candidate.content).parts);
      for (const part of list(object(content).parts)) addPart(parts, part);
    }
  }
  return { ...head, candidates };
}

function addPart(parts: Json[], part: Json): void {
  const last = parts.at(-1);
  const joins =
    last !== undefined &&
    typeof part.text === "string" &&
    typeof last.text === "string" &&
    last.thought === part.thought &&
    last.thoughtSignature === undefined;
  if (joins) Object.assign(last, part, { text: `${last.text}${part.text}` });
  else if (part.text !== "" || part.thoughtSignature !== undefined) parts.push({ ...part });
}

function foldCohere(events: readonly WireEvent[]): unknown {
  const content: Json[] = [];
  const calls: Json[] = [];
  const citations: unknown[] = [];
  const logprobs: unknown[] = [];
  let head: Json = {};
  for (const { data } of events) {
    const { type, id, index, delta, logprobs: tokens } = object(data);
    const { message, ...ending } = object(delta);
    const said = object(message);
    const at = index as number;
    if (tokens !== undefined) logprobs.push(tokens);
    if (type === "message-start") head = { id };
    else if (type === "content-start") content[at] = { ...object(said.content) };
    else if (type === "content-delta") append(object(content[at]), object(said.content));
    else if (type === "tool-call-start") calls[at] = { ...object(said.tool_calls) };
    else if (type === "tool-call-delta") append(object(calls[at]), object(said.tool_calls));
    else if (type === "citation-start") citations.push(said.citations);
    else if (type === "message-end") head = { ...head, ...ending };
  }
  const told = { role: "assistant", content, tool_calls: calls, citations };
  return { ...head, message: told, logprobs };
}
