/** A provider that speaks Anthropic's messages and whose streams live until it is told to end them. */
import type { ServerResponse } from "node:http";
import { startUpstream } from "./upstream.ts";

export interface LiveProvider {
  readonly port: number;
  /** Waits until so many streams live. */
  until(streams: number): Promise<void>;
  /** Sends one more piece down every stream; how many pieces each has got. */
  tick(): number;
  /** Ends every stream as it should. */
  finish(): void;
  close(): Promise<void>;
}

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "live",
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

const event = (type: string, more: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

const START =
  event("message_start", { message: { ...MESSAGE, content: [] } }) +
  event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
const TICK = event("content_block_delta", {
  index: 0,
  delta: { type: "text_delta", text: "tick" },
});
const END =
  event("content_block_stop", { index: 0 }) +
  event("message_delta", {
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 2 },
  }) +
  event("message_stop", {});

export async function startLiveProvider(): Promise<LiveProvider> {
  const streams = new Set<ServerResponse>();
  let ticks = 1;
  let arrived: () => void = () => undefined;
  const upstream = await startUpstream(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { stream } = JSON.parse(Buffer.concat(chunks).toString()) as { stream?: boolean };
    if (stream) {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(START + TICK);
      streams.add(response);
      response.on("close", () => streams.delete(response));
      arrived();
      return;
    }
    const content = [{ type: "text", text: "hello" }];
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ ...MESSAGE, content, stop_reason: "end_turn" }));
  });
  return {
    port: upstream.port,
    async until(count) {
      while (streams.size < count) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
    tick() {
      ticks += 1;
      for (const response of streams) response.write(TICK);
      return ticks;
    },
    finish() {
      for (const response of streams) response.end(END);
      ticks = 1;
    },
    close: () => upstream.close(),
  };
}
