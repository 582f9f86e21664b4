import { createHash } from "node:crypto";
import { encodeEventStreamMessage } from "../../../../runtime/lib/event-stream.ts";
import type { CacheCounts } from "../anthropic/cache.ts";
import { sign } from "../anthropic/signature.ts";
import { type Answer, pieces } from "../script.ts";

/** What has to be put into Converse's format. */
export interface Generated {
  answer: Answer;
  input: CacheCounts;
  /** Claude's thinking is signed. */
  claude: boolean;
  /** Whether the request asked for the stop sequence by `additionalModelResponseFieldPaths`. */
  tellsStopSequence: boolean;
}

const STOP_REASONS: Record<Answer["finish"], string> = {
  stop: "end_turn",
  "stop-sequence": "stop_sequence",
  length: "max_tokens",
  "tool-use": "tool_use",
  refusal: "content_filtered",
};

const METRICS = { latencyMs: 1 };
/** A tool's input is streamed in pieces of this many characters. */
const INPUT_PIECE = 12;

/** The body of a whole answer. */
export function converseBody(generated: Generated): unknown {
  const { answer, claude } = generated;
  const text = answer.text || answer.refusal;
  return {
    metrics: METRICS,
    output: {
      message: {
        content: [
          ...(answer.thinking === undefined
            ? []
            : [{ reasoningContent: { reasoningText: reasoningText(answer.thinking, claude) } }]),
          ...(text ? [{ text }] : []),
          ...answer.calls.map(({ name, input }, at) => ({
            toolUse: { input, name, toolUseId: toolUseId(at, name, input) },
          })),
        ],
        role: "assistant",
      },
    },
    ...stop(generated),
    ...(answer.reportsUsage ? { usage: usage(generated) } : {}),
  };
}

/** The events of a streamed answer, in AWS's framing. */
export function converseEvents(generated: Generated): Buffer[] {
  const { answer, claude } = generated;
  let index = 0;
  const block = (deltas: unknown[], start?: unknown): Buffer[] => {
    const contentBlockIndex = index;
    index += 1;
    return [
      // Text and reasoning are not announced.
      ...(start === undefined ? [] : [event("contentBlockStart", { contentBlockIndex, start })]),
      ...deltas.map((delta) => event("contentBlockDelta", { contentBlockIndex, delta })),
      event("contentBlockStop", { contentBlockIndex }),
    ];
  };
  const text = answer.text || answer.refusal;
  const { thinking } = answer;
  return [
    event("messageStart", { role: "assistant" }),
    ...(thinking === undefined
      ? []
      : block([
          ...pieces(thinking).map((piece) => ({ reasoningContent: { text: piece } })),
          ...(claude ? [{ reasoningContent: { signature: sign(thinking) } }] : []),
        ])),
    ...(text ? block(pieces(text).map((piece) => ({ text: piece }))) : []),
    ...answer.calls.flatMap(({ name, input }, at) =>
      block(
        inputPieces(input).map((piece) => ({ toolUse: { input: piece } })),
        { toolUse: { name, toolUseId: toolUseId(at, name, input) } },
      ),
    ),
    event("messageStop", stop(generated)),
    event("metadata", {
      metrics: METRICS,
      ...(answer.reportsUsage ? { usage: usage(generated) } : {}),
    }),
  ];
}

/** One event. Bedrock pads them with `p`, so that their sizes tell nothing about the text. */
export function event(type: string, payload: object): Buffer {
  const padding = "abcdefghijklmnopqrstuvwxyz".slice(0, JSON.stringify(payload).length % 26);
  return encodeEventStreamMessage({
    headers: {
      ":event-type": type,
      ":content-type": "application/json",
      ":message-type": "event",
    },
    payload: Buffer.from(JSON.stringify({ ...payload, p: padding })),
  });
}

const reasoningText = (text: string, claude: boolean) =>
  claude ? { signature: sign(text), text } : { text };

function stop({ answer, tellsStopSequence }: Generated) {
  return {
    ...(tellsStopSequence
      ? { additionalModelResponseFields: { stop_sequence: answer.stopSequence ?? null } }
      : {}),
    stopReason: STOP_REASONS[answer.finish],
  };
}

/** Tokens read from and written to the cache are counted apart from the input. */
function usage({ answer, input }: Generated) {
  const written = input.created["5m"] + input.created["1h"];
  const { output } = answer.usage;
  return {
    inputTokens: input.uncached,
    outputTokens: output,
    totalTokens: input.uncached + input.read + written + output,
    cacheReadInputTokens: input.read,
    cacheWriteInputTokens: written,
  };
}

/** A tool without arguments streams an empty input. */
function inputPieces(input: Record<string, unknown>): string[] {
  if (Object.keys(input).length === 0) return [""];
  const json = JSON.stringify(input);
  const count = Math.ceil(json.length / INPUT_PIECE);
  return Array.from({ length: count }, (_, at) =>
    json.slice(at * INPUT_PIECE, (at + 1) * INPUT_PIECE),
  );
}

const toolUseId = (at: number, name: string, input: unknown): string =>
  `tooluse_${createHash("sha256")
    .update(JSON.stringify([at, name, input]))
    .digest("base64url")
    .slice(0, 22)}`;
