import { sign } from "../../anthropic/signature.ts";
import { type Answer, pieces } from "../../script.ts";
import type { ResponsesRequest } from "./schema.ts";

export interface Response {
  id: string;
  /** Unix seconds. */
  created: number;
  request: ResponsesRequest;
  answer: Answer;
}

type Json = Record<string, unknown>;

/** https://platform.openai.com/docs/api-reference/responses/object */
export function responseBody(response: Response): Json {
  const cut = response.answer.finish === "length";
  return {
    ...head(response, cut ? "incomplete" : "completed"),
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    output: items(response).map(({ whole }) => whole),
    ...(response.answer.reportsUsage ? { usage: usage(response.answer) } : {}),
  };
}

function head({ id, created, request }: Response, status: string): Json {
  return {
    id,
    object: "response",
    created_at: created,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: null,
    model: request.model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: null },
    safety_identifier: null,
    service_tier: "default",
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: { type: "text" }, verbosity: "medium", ...request.text },
    tool_choice: request.tool_choice ?? "auto",
    tools: request.tools ?? [],
    top_logprobs: 0,
    top_p: request.top_p ?? 1,
    truncation: "disabled",
    usage: null,
    user: null,
    metadata: request.metadata ?? {},
  };
}

const usage = ({ usage: { input, output, reasoning } }: Answer): Json => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
});

interface Item {
  whole: Json;
  /** As it begins in a stream, and the events between its beginning and its end. */
  begun: Json;
  events: ({ type: string } & Json)[];
}

function items(response: Response): Item[] {
  const { answer, id, request } = response;
  const seed = id.slice("resp_".length);
  return [
    ...(answer.thinking === undefined ? [] : [reasoningItem(seed, answer.thinking, request)]),
    ...(answer.text === "" && answer.refusal === undefined ? [] : [messageItem(seed, answer)]),
    ...answer.calls.map((call, index) => callItem(seed, call, index)),
  ];
}

function reasoningItem(
  seed: string,
  thinking: string,
  { reasoning, include }: ResponsesRequest,
): Item {
  const shown = reasoning?.summary != null;
  const sealed = include?.includes("reasoning.encrypted_content") ?? false;
  const begun = { id: `rs_${seed}`, type: "reasoning", summary: [] };
  const at = { item_id: begun.id, summary_index: 0 };
  return {
    begun,
    whole: {
      ...begun,
      summary: shown ? [{ type: "summary_text", text: thinking }] : [],
      ...(sealed ? { encrypted_content: sign(thinking) } : {}),
    },
    events: shown
      ? [
          {
            type: "response.reasoning_summary_part.added",
            ...at,
            part: { type: "summary_text", text: "" },
          },
          ...pieces(thinking).map((delta) => ({
            type: "response.reasoning_summary_text.delta",
            ...at,
            delta,
          })),
          { type: "response.reasoning_summary_text.done", ...at, text: thinking },
          {
            type: "response.reasoning_summary_part.done",
            ...at,
            part: { type: "summary_text", text: thinking },
          },
        ]
      : [],
  };
}

function messageItem(seed: string, { text, refusal }: Answer): Item {
  const part = (said: string): Json =>
    refusal === undefined
      ? { type: "output_text", annotations: [], logprobs: [], text: said }
      : { type: "refusal", refusal: said };
  const all = refusal ?? text;
  const begun = { id: `msg_${seed}`, type: "message", role: "assistant" };
  const at = { item_id: begun.id, content_index: 0 };
  const kind = refusal === undefined ? "output_text" : "refusal";
  const more = refusal === undefined ? { logprobs: [] } : {};
  return {
    begun: { ...begun, status: "in_progress", content: [] },
    whole: { ...begun, status: "completed", content: [part(all)] },
    events: [
      { type: "response.content_part.added", ...at, part: part("") },
      ...pieces(all).map((delta) => ({ type: `response.${kind}.delta`, ...at, delta, ...more })),
      {
        type: `response.${kind}.done`,
        ...at,
        ...(refusal === undefined ? { text: all, logprobs: [] } : { refusal: all }),
      },
      { type: "response.content_part.done", ...at, part: part(all) },
    ],
  };
}

function callItem(seed: string, call: Answer["calls"][number], index: number): Item {
  const text = JSON.stringify(call.input);
  const begun = {
    id: `fc_${seed}${index}`,
    type: "function_call",
    call_id: `call_${seed.slice(0, 20)}${index}`,
    name: call.name,
  };
  const at = { item_id: begun.id };
  return {
    begun: { ...begun, status: "in_progress", arguments: "" },
    whole: { ...begun, status: "completed", arguments: text },
    events: [
      ...(text.match(/.{1,7}/gs) ?? []).map((delta) => ({
        type: "response.function_call_arguments.delta",
        ...at,
        delta,
      })),
      {
        type: "response.function_call_arguments.done",
        ...at,
        name: call.name,
        arguments: text,
      },
    ],
  };
}

/** https://platform.openai.com/docs/api-reference/responses-streaming */
export function responseEvents(response: Response, whole: Json): Buffer[] {
  const begun = head(response, "in_progress");
  const events: ({ type: string } & Json)[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...items(response).flatMap((item, output_index) => [
      { type: "response.output_item.added", output_index, item: item.begun },
      ...item.events.map((event) => ({ ...event, output_index })),
      { type: "response.output_item.done", output_index, item: item.whole },
    ]),
    { type: `response.${String(whole.status)}`, response: whole },
  ];
  return events.map(({ type, ...members }, sequence_number) =>
    Buffer.from(
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number, ...members })}\n\n`,
    ),
  );
}
