import { createHash } from "node:crypto";
import { type Answer, pieces } from "../script.ts";
import type { CacheCounts } from "./cache.ts";
import { blocksOf } from "./conversation.ts";
import { traits } from "./options.ts";
import { documentText } from "./prompt.ts";
import type { MessagesRequest } from "./schema.ts";
import { sign } from "./signature.ts";

/** How much of a document a citation quotes, in characters. */
const QUOTED = 40;

/** An answer on its way to the wire. */
export interface Generated {
  id: string;
  request: MessagesRequest;
  answer: Answer;
  input: CacheCounts;
}

interface OutputBlock {
  /** As in a whole message. */
  whole: Record<string, unknown>;
  /** As at the start of a streamed block. */
  empty: Record<string, unknown>;
  deltas: Record<string, unknown>[];
}

/** The body of a whole answer. */
export function messageBody(generated: Generated): Record<string, unknown> {
  const { answer } = generated;
  return {
    ...head(generated),
    content: blocks(generated).map(({ whole }) => whole),
    ...ending(answer),
    ...(answer.reportsUsage ? { usage: usage(generated, answer.usage.output) } : {}),
  };
}

/** The events of a streamed answer, as Anthropic's own API frames them. */
export const messageEvents = (generated: Generated): Buffer[] =>
  messageData(generated).map((data) =>
    Buffer.from(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`),
  );

/** What the events of a streamed answer say. */
export function messageData(generated: Generated): { type: string; [member: string]: unknown }[] {
  const { answer } = generated;
  const start = {
    ...head(generated),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    ...(answer.reportsUsage ? { usage: usage(generated, 1) } : {}),
  };
  const { service_tier, inference_geo, speed, cache_creation, ...counts } = usage(
    generated,
    answer.usage.output,
  );
  return [
    event("message_start", { message: start }),
    ...blocks(generated).flatMap(({ empty, deltas }, index) => [
      event("content_block_start", { index, content_block: empty }),
      // The real API pings once the first block has begun.
      ...(index === 0 ? [event("ping", {})] : []),
      ...deltas.map((delta) => event("content_block_delta", { index, delta })),
      event("content_block_stop", { index }),
    ]),
    event("message_delta", {
      delta: { ...ending(answer), container: null },
      ...(answer.reportsUsage ? { usage: counts } : {}),
    }),
    event("message_stop", {}),
  ];
}

const event = (type: string, fields: object) => ({ type, ...fields });

const head = ({ id, request }: Generated) => ({
  id,
  type: "message",
  role: "assistant",
  model: request.model,
  container: null,
  diagnostics: null,
});

function ending({ finish, stopSequence, refusal }: Answer) {
  const reasons = {
    stop: "end_turn",
    "stop-sequence": "stop_sequence",
    length: "max_tokens",
    "tool-use": "tool_use",
    refusal: "refusal",
  };
  return {
    stop_reason: reasons[finish],
    stop_sequence: stopSequence ?? null,
    stop_details:
      refusal === undefined ? null : { type: "refusal", category: null, explanation: refusal },
  };
}

function usage({ input, answer }: Generated, output: number) {
  const { "5m": short, "1h": long } = input.created;
  return {
    input_tokens: input.uncached,
    cache_creation_input_tokens: short + long,
    cache_read_input_tokens: input.read,
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
    output_tokens: output,
    output_tokens_details: { thinking_tokens: Math.min(answer.usage.reasoning, output) },
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: "global",
    speed: null,
  };
}

function blocks(generated: Generated): OutputBlock[] {
  const { answer, request } = generated;
  const text = answer.text + (answer.refusal ?? "");
  return [
    ...(answer.thinking === undefined ? [] : [thinkingBlock(answer.thinking, request)]),
    ...(text === "" ? [] : [textBlock(text)]),
    ...(answer.finish === "stop" ? citedBlocks(request) : []),
    ...answer.calls.map((call, index) => toolBlock(generated, call, index)),
  ];
}

function textBlock(text: string, citations?: object[]): OutputBlock {
  return {
    whole: { type: "text", text, citations: citations ?? null },
    empty: { type: "text", text: "", citations: citations ? [] : null },
    deltas: [
      ...(citations ?? []).map((citation) => ({ type: "citations_delta", citation })),
      ...pieces(text).map((piece) => ({ type: "text_delta", text: piece })),
    ],
  };
}

/** A prompt with `hide your thinking` has it redacted. */
function thinkingBlock(
  thinking: string,
  { thinking: config, model }: MessagesRequest,
): OutputBlock {
  const signature = sign(thinking);
  if (thinking.includes("hide your thinking")) {
    const whole = { type: "redacted_thinking", data: signature };
    return { whole, empty: whole, deltas: [] };
  }
  const wanted = config && "display" in config ? config.display : undefined;
  const omitted = (wanted ?? (traits(model).modern ? "omitted" : "summarized")) === "omitted";
  const shown = omitted ? "" : thinking;
  return {
    whole: { type: "thinking", thinking: shown, signature },
    empty: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...pieces(shown).map((piece) => ({ type: "thinking_delta", thinking: piece })),
      { type: "signature_delta", signature },
    ],
  };
}

function toolBlock({ id }: Generated, call: Answer["calls"][number], index: number): OutputBlock {
  const hash = createHash("sha256").update(`${id}/${index}`).digest("hex").slice(0, 24);
  const shared = {
    type: "tool_use",
    id: `toolu_${hash}`,
    name: call.name,
    caller: { type: "direct" },
  };
  return {
    whole: { ...shared, input: call.input },
    empty: { ...shared, input: {} },
    deltas: [
      { type: "input_json_delta", partial_json: "" },
      ...(JSON.stringify(call.input).match(/.{1,7}/gs) ?? []).map((partial_json) => ({
        type: "input_json_delta",
        partial_json,
      })),
    ],
  };
}

/** Each document that may be cited is quoted from its beginning, in a block of its own. */
function citedBlocks({ messages }: MessagesRequest): OutputBlock[] {
  const documents = messages
    .flatMap((message) => blocksOf(message))
    .filter((block) => block.type === "document");
  return documents.flatMap((document, index) => {
    if (!document.citations?.enabled || document.source.type !== "text") return [];
    const quote = documentText(document).slice(0, QUOTED);
    const citation = {
      type: "char_location",
      cited_text: quote,
      document_index: index,
      document_title: document.title ?? null,
      start_char_index: 0,
      end_char_index: quote.length,
      file_id: null,
    };
    return [textBlock(` It is written: ${quote}`, [citation])];
  });
}
