import { createServer, type Socket } from "node:net";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import { fromUtf8, toUtf8 } from "@smithy/util-utf8";

/**
 * A provider that costs next to nothing: canned answers over raw sockets. The path chooses the
 * protocol, the body whether it streams.
 */
const CHUNKS = 100;

const text = "word ".repeat(4);
const usage = { prompt_tokens: 800, completion_tokens: CHUNKS, total_tokens: 800 + CHUNKS };

const openAiWhole = Buffer.from(
  JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1,
    model: "bench",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text.repeat(20), refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage,
  }),
);

const openAiChunk = (delta: object, finish: string | null, rest: object = {}): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model: "bench", choices: [{ index: 0, delta, finish_reason: finish }], ...rest })}\n\n`,
  );

const openAiEvents = [
  openAiChunk({ role: "assistant", content: "" }, null),
  ...Array.from({ length: CHUNKS }, () => openAiChunk({ content: text }, null)),
  openAiChunk({}, "stop"),
  openAiChunk({}, null, { choices: [], usage }),
  Buffer.from("data: [DONE]\n\n"),
];

const bedrockWhole = Buffer.from(
  JSON.stringify({
    output: { message: { role: "assistant", content: [{ text: text.repeat(20) }] } },
    stopReason: "end_turn",
    usage: { inputTokens: 800, outputTokens: CHUNKS, totalTokens: 800 + CHUNKS },
    metrics: { latencyMs: 1 },
  }),
);

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const bedrockEvent = (type: string, body: object): Buffer =>
  Buffer.from(
    codec.encode({
      headers: {
        ":event-type": { type: "string", value: type },
        ":content-type": { type: "string", value: "application/json" },
        ":message-type": { type: "string", value: "event" },
      },
      body: fromUtf8(JSON.stringify(body)),
    }),
  );

const bedrockEvents = [
  bedrockEvent("messageStart", { role: "assistant" }),
  ...Array.from({ length: CHUNKS }, () =>
    bedrockEvent("contentBlockDelta", { contentBlockIndex: 0, delta: { text } }),
  ),
  bedrockEvent("contentBlockStop", { contentBlockIndex: 0 }),
  bedrockEvent("messageStop", { stopReason: "end_turn" }),
  bedrockEvent("metadata", {
    usage: { inputTokens: 800, outputTokens: CHUNKS, totalTokens: 800 + CHUNKS },
    metrics: { latencyMs: 1 },
  }),
];

const head = (contentType: string, length?: number): Buffer =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\n${length === undefined ? "transfer-encoding: chunked" : `content-length: ${length}`}\r\n\r\n`,
  );

const framed = (event: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${event.length.toString(16)}\r\n`), event, Buffer.from("\r\n")]);

interface Answer {
  whole: Buffer;
  stream: Buffer[];
}

const answers: Record<"openai" | "bedrock", Answer> = {
  openai: {
    whole: Buffer.concat([head("application/json", openAiWhole.length), openAiWhole]),
    stream: [head("text/event-stream"), ...openAiEvents.map(framed)],
  },
  bedrock: {
    whole: Buffer.concat([head("application/json", bedrockWhole.length), bedrockWhole]),
    stream: [head("application/vnd.amazon.eventstream"), ...bedrockEvents.map(framed)],
  },
};

const END_OF_STREAM = Buffer.from("0\r\n\r\n");

/** Writes event by event, each in a turn of its own, as a model would. */
function stream(socket: Socket, parts: readonly Buffer[], index = 0): void {
  const part = parts[index];
  if (socket.destroyed) return;
  if (part === undefined) {
    socket.write(END_OF_STREAM);
    return;
  }
  socket.write(part);
  setImmediate(stream, socket, parts, index + 1);
}

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  let pending = Buffer.alloc(0) as Buffer;
  socket.on("data", (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const headEnd = pending.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const headText = pending.toString("latin1", 0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(headText)?.[1] ?? 0);
    if (pending.length < headEnd + 4 + length) return;
    const bedrock = headText.includes(" /model/");
    const streams = bedrock
      ? headText.includes("/converse-stream ")
      : pending.includes('"stream":true', headEnd);
    pending = Buffer.alloc(0);
    const answer = bedrock ? answers.bedrock : answers.openai;
    if (streams) stream(socket, answer.stream);
    else socket.write(answer.whole);
  });
}

const server = createServer(serve);
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) process.stdout.write(`${address.port}\n`);
});
