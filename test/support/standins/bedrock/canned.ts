import { jsonReply, type Reply } from "../reply.ts";
import type { CannedAnswer, Handler } from "../standin.ts";
import { event } from "./answer.ts";
import { bedrockDialect } from "./errors.ts";

const OUTPUT_TOKENS = 100;
const USAGE = { inputTokens: 100, outputTokens: OUTPUT_TOKENS, totalTokens: 100 + OUTPUT_TOKENS };
const METRICS = { latencyMs: 1 };

/** Answers made once, for load tests: requests are neither read nor checked. */
export function cannedHandler({ chunks, bytes }: CannedAnswer): Handler {
  const whole = jsonReply(bedrockDialect, {
    metrics: METRICS,
    output: { message: { content: [{ text: "x".repeat(bytes) }], role: "assistant" } },
    stopReason: "end_turn",
    usage: USAGE,
  });
  const piece = "x".repeat(Math.max(1, Math.round(bytes / chunks)));
  const streamed: Reply = {
    status: 200,
    headers: { "content-type": "application/vnd.amazon.eventstream" },
    events: [
      event("messageStart", { role: "assistant" }),
      ...Array.from({ length: chunks }, () =>
        event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: piece } }),
      ),
      event("contentBlockStop", { contentBlockIndex: 0 }),
      event("messageStop", { stopReason: "end_turn" }),
      event("metadata", { metrics: METRICS, usage: USAGE }),
    ],
    streamed: true,
    dialect: bedrockDialect,
  };
  return ({ path }) => (path.endsWith("/converse-stream") ? streamed : whole);
}
