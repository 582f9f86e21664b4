import type { Endpoint } from "../../../runtime/endpoints/endpoint.ts";
import { providerBySchema } from "../../../runtime/providers/registry.ts";
import type { ProviderFile, WireEvent } from "./cases.ts";
import { attempt, hear, type Pair, pairOf } from "./exchange.ts";
import { questionFor } from "./questions.ts";
import { frame, readSse } from "./wire.ts";

/** What a streamed answer is made of. */
export const KINDS = ["text", "thinking", "arguments"] as const;
export type Kind = (typeof KINDS)[number];

/** Streams of a provider: what comes before the pieces of a block, one such piece, and what comes after. */
interface Script {
  framing: ProviderFile["framing"];
  opening(kind: Kind): WireEvent[];
  piece(kind: Kind): WireEvent;
  closing(kind: Kind): WireEvent[];
  /** What breaks a stream off. */
  failure: WireEvent;
}

/** What the provider says then. */
export const FAILURE = "The model is overloaded.";

/** About a token or two, as providers cut their chunks; inside a string of JSON it means itself. */
const PIECE = " jumps over";
const INPUT_BEGINS = '{"text":"';
const INPUT_ENDS = '"}';
const ID = "call_4VcuQdL1Zqj3mXn0";

const chunk = (delta: object, finish_reason: string | null = null): WireEvent => ({
  data: {
    id: "chatcmpl-BxT4pQm2Vn8cRk1Z",
    object: "chat.completion.chunk",
    created: 1_700_000_000,
    model: "gpt-4o-2024-08-06",
    service_tier: "default",
    system_fingerprint: "fp_07871e2ad8",
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  },
});
const called = (args: string): object => ({
  tool_calls: [{ index: 0, function: { arguments: args } }],
});
/** https://platform.openai.com/docs/api-reference/chat-streaming/streaming */
const openAi: Script = {
  framing: "sse",
  failure: { data: { error: { message: FAILURE, type: "server_error", param: null, code: null } } },
  opening: (kind) =>
    kind === "arguments"
      ? [
          chunk({
            role: "assistant",
            content: null,
            tool_calls: [
              { index: 0, id: ID, type: "function", function: { name: "write", arguments: "" } },
            ],
          }),
          chunk(called(INPUT_BEGINS)),
        ]
      : [chunk({ role: "assistant", content: "", refusal: null })],
  piece: (kind) =>
    chunk(
      {
        text: { content: PIECE },
        thinking: { reasoning_content: PIECE },
        arguments: called(PIECE),
      }[kind],
    ),
  closing: (kind) => [
    ...(kind === "arguments" ? [chunk(called(INPUT_ENDS))] : []),
    chunk({}, kind === "arguments" ? "tool_calls" : "stop"),
    { data: "[DONE]" },
  ],
};

const named = (type: string, members: object = {}): WireEvent => ({
  event: type,
  data: { type, ...members },
});
const blockDelta = (delta: object): WireEvent => named("content_block_delta", { index: 0, delta });
const partialJson = (json: string): WireEvent =>
  blockDelta({ type: "input_json_delta", partial_json: json });
/** https://platform.claude.com/docs/en/build-with-claude/streaming */
const anthropic = (framing: Script["framing"]): Script => ({
  framing,
  failure:
    framing === "chunks"
      ? { event: ":exception modelStreamErrorException", data: { message: FAILURE } }
      : named("error", { error: { type: "overloaded_error", message: FAILURE } }),
  opening: (kind) => [
    named("message_start", {
      message: {
        id: "msg_01Hq3ZJ5oVYzP8",
        type: "message",
        role: "assistant",
        content: [],
        model: "claude-sonnet-4-5-20250929",
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 700, output_tokens: 1 },
      },
    }),
    named("content_block_start", {
      index: 0,
      content_block: {
        text: { type: "text", text: "" },
        thinking: { type: "thinking", thinking: "", signature: "" },
        arguments: { type: "tool_use", id: ID, name: "write", input: {} },
      }[kind],
    }),
    ...(kind === "arguments" ? [partialJson(INPUT_BEGINS)] : []),
  ],
  piece: (kind) =>
    ({
      text: blockDelta({ type: "text_delta", text: PIECE }),
      thinking: blockDelta({ type: "thinking_delta", thinking: PIECE }),
      arguments: partialJson(PIECE),
    })[kind],
  closing: (kind) => [
    ...(kind === "arguments" ? [partialJson(INPUT_ENDS)] : []),
    named("content_block_stop", { index: 0 }),
    named("message_delta", {
      delta: { stop_reason: kind === "arguments" ? "tool_use" : "end_turn", stop_sequence: null },
      usage: { output_tokens: 400 },
    }),
    named("message_stop"),
  ],
});

const converseDelta = (delta: object): WireEvent => ({
  event: "contentBlockDelta",
  // Bedrock pads its events to lengths that tell nothing.
  data: { contentBlockIndex: 0, delta, p: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL" },
});
const converseInput = (input: string): WireEvent => converseDelta({ toolUse: { input } });
/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
const bedrock: Script = {
  framing: "event-stream",
  failure: { event: ":exception throttlingException", data: { message: FAILURE } },
  opening: (kind) => [
    { event: "messageStart", data: { role: "assistant" } },
    ...(kind === "arguments"
      ? [
          {
            event: "contentBlockStart",
            data: { contentBlockIndex: 0, start: { toolUse: { toolUseId: ID, name: "write" } } },
          },
          converseInput(INPUT_BEGINS),
        ]
      : []),
  ],
  piece: (kind) =>
    ({
      text: converseDelta({ text: PIECE }),
      thinking: converseDelta({ reasoningContent: { text: PIECE } }),
      arguments: converseInput(PIECE),
    })[kind],
  closing: (kind) => [
    ...(kind === "arguments" ? [converseInput(INPUT_ENDS)] : []),
    { event: "contentBlockStop", data: { contentBlockIndex: 0 } },
    {
      event: "messageStop",
      data: { stopReason: kind === "arguments" ? "tool_use" : "end_turn" },
    },
    {
      event: "metadata",
      data: {
        usage: { inputTokens: 700, outputTokens: 400, totalTokens: 1100 },
        metrics: { latencyMs: 900 },
      },
    },
  ],
};

const generated = (parts: object[], ending: object = {}): WireEvent => ({
  data: {
    candidates: [{ content: { role: "model", parts }, ...ending }],
    usageMetadata: {
      promptTokenCount: 700,
      candidatesTokenCount: 400,
      totalTokenCount: 1100,
      trafficType: "ON_DEMAND",
    },
    modelVersion: "gemini-2.5-pro",
    createTime: "2026-01-01T00:00:00.000000Z",
    responseId: "x9oUadq3Nbe7nvgP",
  },
});
/**
 * https://cloud.google.com/vertex-ai/docs/reference/rest/v1/GenerateContentResponse: calls come whole,
 * so that many of them are as near as its streams come to pieces of arguments.
 */
const gemini: Script = {
  framing: "sse",
  failure: { data: { error: { code: 503, message: FAILURE, status: "UNAVAILABLE" } } },
  opening: () => [],
  piece: (kind) =>
    generated([
      {
        text: { text: PIECE },
        thinking: { text: PIECE, thought: true },
        arguments: { functionCall: { name: "write", args: { text: PIECE } } },
      }[kind],
    ]),
  closing: () => [generated([{ text: "." }], { finishReason: "STOP" })],
};

const cohereContent = (content: object): WireEvent =>
  named("content-delta", { index: 0, delta: { message: { content } } });
const cohereInput = (args: string): WireEvent =>
  named("tool-call-delta", {
    index: 0,
    delta: { message: { tool_calls: { function: { arguments: args } } } },
  });
/** https://docs.cohere.com/v2/docs/streaming */
const cohere: Script = {
  framing: "sse",
  failure: named("message-end", { delta: { finish_reason: "ERROR", error: FAILURE } }),
  opening: (kind) => [
    named("message-start", {
      id: "29f14a5a-11de-4cae-9800-25e4747408ea",
      delta: {
        message: { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] },
      },
    }),
    ...{
      text: [
        named("content-start", {
          index: 0,
          delta: { message: { content: { type: "text", text: "" } } },
        }),
      ],
      thinking: [
        named("content-start", {
          index: 0,
          delta: { message: { content: { type: "thinking", thinking: "" } } },
        }),
      ],
      arguments: [
        named("tool-call-start", {
          index: 0,
          delta: {
            message: {
              tool_calls: { id: ID, type: "function", function: { name: "write", arguments: "" } },
            },
          },
        }),
        cohereInput(INPUT_BEGINS),
      ],
    }[kind],
  ],
  piece: (kind) =>
    ({
      text: cohereContent({ text: PIECE }),
      thinking: cohereContent({ thinking: PIECE }),
      arguments: cohereInput(PIECE),
    })[kind],
  closing: (kind) => [
    ...(kind === "arguments"
      ? [cohereInput(INPUT_ENDS), named("tool-call-end", { index: 0 })]
      : [named("content-end", { index: 0 })]),
    named("message-end", {
      delta: {
        finish_reason: kind === "arguments" ? "TOOL_CALL" : "COMPLETE",
        usage: {
          billed_units: { input_tokens: 700, output_tokens: 400 },
          tokens: { input_tokens: 700, output_tokens: 400 },
        },
      },
    }),
  ],
};

/** By schema. */
const SCRIPTS: Readonly<Record<string, Script>> = {
  OpenAI: openAi,
  AzureOpenAI: openAi,
  Anthropic: anthropic("sse"),
  GCPAnthropic: anthropic("sse"),
  AWSAnthropic: anthropic("chunks"),
  AWSBedrock: bedrock,
  GCPVertexAI: gemini,
  Cohere: cohere,
};

function scriptOf(schema: string): Script {
  const script = SCRIPTS[schema];
  if (script === undefined) throw new Error(`no streams are written for ${schema}`);
  return script;
}

/** How a provider's streams are framed. @throws {Error} for a provider that nothing is written for */
export const framingOf = (schema: string): Script["framing"] => scriptOf(schema).framing;

/** A stream that the provider breaks off with an error. @throws {Error} as above */
export function failingStream(schema: string): Buffer {
  const { framing, opening, piece, failure } = scriptOf(schema);
  return frame(framing, [...opening("text"), piece("text"), piece("text"), failure]);
}

/**
 * A stream of so many pieces as a pair's provider sends it, an event in each chunk.
 * @throws {Error} for a provider that nothing is written for
 */
export function chunksFor(pair: Pair, kind: Kind, times: number): Buffer[] {
  const { schema } = pair.provider.meta;
  const script = scriptOf(schema);
  const events =
    pair.lane.way.kind === "passthrough" && OTHER_WORDS.has(pair.endpoint.id)
      ? eventsInOtherWords(pair.endpoint, kind, times)
      : [
          ...script.opening(kind),
          ...Array.from({ length: times }, () => script.piece(kind)),
          ...script.closing(kind),
        ];
  return events.map((event) => frame(script.framing, [event]));
}

/** OpenAI's other protocols, whose streams are what the gateway itself makes of Bedrock's. */
const OTHER_WORDS = new Set(["responses", "completions"]);

function eventsInOtherWords(endpoint: Endpoint, kind: Kind, times: number): WireEvent[] {
  const provider = providerBySchema("AWSBedrock");
  const pair = provider && pairOf(endpoint, provider);
  if (pair === undefined) throw new Error(`${endpoint.id} does not reach AWSBedrock`);
  const asked = Buffer.from(JSON.stringify(questionFor(endpoint.id, "claude", true)));
  return readSse(hear(attempt(pair, asked), chunksFor(pair, kind, times)).bytes);
}
