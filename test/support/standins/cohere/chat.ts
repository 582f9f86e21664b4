import { createHash } from "node:crypto";
import { jsonReply, type Reply } from "../reply.ts";
import { type Answer, answer, type Prompt, pieces } from "../script.ts";
import { type ChatRequest, chatRequest, type Message } from "./chat-schema.ts";
import { checked, cohereDialect, refuse } from "./errors.ts";

export const COHERE_CHAT_MODELS = [
  "command-a-03-2025",
  "command-a-reasoning-08-2025",
  "command-a-vision-07-2025",
];

type Json = Record<string, unknown>;

/** `POST /v2/chat`, whole and streamed. @throws {CohereError} */
export function chat(body: unknown): Reply {
  const request = checked(chatRequest, body);
  checkRules(request);
  const said = answer(toPrompt(request));
  const id = createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 32);
  if (!request.stream) return jsonReply(cohereDialect, whole(id, said));
  return {
    status: 200,
    headers: { "content-type": "text/event-stream" },
    events: events(id, said).map(({ type, ...members }) =>
      Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`),
    ),
    streamed: true,
    dialect: cohereDialect,
  };
}

function checkRules(request: ChatRequest): void {
  const { model, messages, tools, documents, response_format: format } = request;
  if (format?.type === "json_object" && (tools ?? documents) !== undefined) {
    refuse("invalid request: response_format is not supported with tools or documents");
  }
  if (request.safety_mode !== undefined && (tools ?? documents) !== undefined) {
    refuse("invalid request: safety_mode is not supported with tools or documents");
  }
  if (request.tool_choice !== undefined && tools === undefined) {
    refuse("invalid request: tool_choice needs tools");
  }
  if (request.thinking !== undefined && !model.includes("reasoning")) {
    refuse(`invalid request: thinking is not supported by model '${model}'`);
  }
  const pictures = messages.flatMap(parts).some(({ type }) => type === "image_url");
  if (pictures && !model.includes("vision")) {
    refuse(`invalid request: image content is not supported by model '${model}'`);
  }
  if (pictures && tools !== undefined) refuse("invalid request: this model has no tools");
  const last = messages.at(-1)?.role;
  if (last !== "user" && last !== "tool") {
    refuse("invalid request: the last message must be of a user or a tool");
  }
  checkCalls(messages);
}

/** Each call is answered right after it, by a message of its own. */
function checkCalls(messages: Message[]): void {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      if (!open.includes(message.tool_call_id)) {
        refuse(`invalid request: no tool call with id '${message.tool_call_id}' comes before`);
      }
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    if (open.length > 0) refuse(`invalid request: tool call '${open[0]}' has no result`);
    if (message.role !== "assistant") continue;
    if (message.content === undefined && message.tool_calls === undefined) {
      refuse("invalid request: an assistant message needs content or tool_calls");
    }
    open = (message.tool_calls ?? []).map(({ id }) => id);
  }
}

interface Part {
  type: string;
  text?: string;
}

function parts(message: Message): Part[] {
  const { content } = message;
  if (content === undefined) return [];
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

const texts = (message: Message): string[] => [
  ...parts(message).flatMap(({ text }) => (text === undefined ? [] : [text])),
  ...(message.role === "assistant"
    ? (message.tool_calls ?? []).map((call) => call.function.arguments)
    : []),
];

function toPrompt(request: ChatRequest): Prompt {
  const { messages, tools = [], tool_choice: choice, response_format: format } = request;
  const lastUser = messages.findLast(({ role }) => role === "user");
  const lastSaid = messages.findLastIndex(({ role }) => role !== "tool");
  return {
    texts: messages.flatMap(texts),
    userText: lastUser === undefined ? "" : texts(lastUser).join("\n"),
    toolResults: messages.slice(lastSaid + 1).map((message) => texts(message).join("\n")),
    images: messages.flatMap(parts).filter(({ type }) => type === "image_url").length,
    tools: tools.map(({ function: { name, parameters } }) => ({ name, schema: parameters })),
    toolChoice: choice === "REQUIRED" ? "required" : choice === "NONE" ? "none" : "auto",
    parallelToolCalls: true,
    ...(format?.type === "json_object"
      ? { json: format.json_schema === undefined ? {} : { schema: format.json_schema } }
      : {}),
    reasoning: request.model.includes("reasoning") && request.thinking?.type !== "disabled",
    ...(request.max_tokens === undefined ? {} : { maxTokens: request.max_tokens }),
    stop: request.stop_sequences ?? [],
  };
}

const REASONS: Readonly<Record<Answer["finish"], string>> = {
  stop: "COMPLETE",
  "stop-sequence": "STOP_SEQUENCE",
  length: "MAX_TOKENS",
  "tool-use": "TOOL_CALL",
  refusal: "COMPLETE",
};

function usage({ usage: { input, output }, reportsUsage }: Answer): Json {
  if (!reportsUsage) return {};
  const counts = { input_tokens: input, output_tokens: output };
  // What is counted has more in it than what is billed: the prompt around the prompt.
  const tokens = { ...counts, input_tokens: input + 500 };
  return { usage: { billed_units: counts, tokens, cached_tokens: 0 } };
}

const textOf = ({ text, refusal }: Answer): string => text + (refusal ?? "");

const calls = (id: string, { calls: made }: Answer): Json[] =>
  made.map(({ name, input }, index) => ({
    id: `${name}_${id.slice(0, 12)}${index}`,
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));

/** What a model without thinking says before it calls. */
const planOf = ({ calls: made, thinking }: Answer): string | undefined =>
  made.length > 0 && thinking === undefined ? `I will use ${made[0]?.name}.` : undefined;

function whole(id: string, said: Answer): Json {
  const text = textOf(said);
  const plan = planOf(said);
  const content = [
    ...(said.thinking === undefined ? [] : [{ type: "thinking", thinking: said.thinking }]),
    ...(text === "" ? [] : [{ type: "text", text }]),
  ];
  return {
    id,
    message: {
      role: "assistant",
      ...(plan === undefined ? {} : { tool_plan: plan }),
      ...(said.calls.length === 0 ? {} : { tool_calls: calls(id, said) }),
      ...(content.length === 0 ? {} : { content }),
    },
    finish_reason: REASONS[said.finish],
    ...usage(said),
  };
}

function events(id: string, said: Answer): ({ type: string } & Json)[] {
  const contents = [
    { kind: "thinking", text: said.thinking ?? "" },
    { kind: "text", text: textOf(said) },
  ].filter(({ text }) => text !== "");
  const message = (index: number, type: string, inner?: Json) => ({
    type,
    index,
    ...(inner === undefined ? {} : { delta: { message: inner } }),
  });
  return [
    { type: "message-start", id, delta: { message: { role: "assistant" } } },
    ...pieces(planOf(said) ?? "").map((tool_plan) => ({
      type: "tool-plan-delta",
      delta: { message: { tool_plan } },
    })),
    ...contents.flatMap(({ kind, text }, index) => [
      message(index, "content-start", { content: { type: kind, [kind]: "" } }),
      ...pieces(text).map((piece) =>
        message(index, "content-delta", { content: { [kind]: piece } }),
      ),
      message(index, "content-end"),
    ]),
    ...calls(id, said).flatMap((call, index) => {
      const { name, arguments: json } = call.function as { name: string; arguments: string };
      return [
        message(index, "tool-call-start", {
          tool_calls: { ...call, function: { name, arguments: "" } },
        }),
        ...(json.match(/.{1,7}/gs) ?? []).map((piece) =>
          message(index, "tool-call-delta", { tool_calls: { function: { arguments: piece } } }),
        ),
        message(index, "tool-call-end"),
      ];
    }),
    { type: "message-end", id, delta: { finish_reason: REASONS[said.finish], ...usage(said) } },
  ];
}
