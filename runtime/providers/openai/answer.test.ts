import { openAiConversation } from "./conversation.ts";

const chunk = (delta: object, finish_reason: string | null, more = {}): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }], ...more })}\n\n`;

test("what comes of a choice that is over neither adds to it nor begins it anew", () => {
  const decoder = openAiConversation.decoder({
    model: "m",
    stream: true,
    system: [],
    turns: [],
    tools: [],
    vendor: {},
  });
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const wire = [
    chunk({ content: "a" }, "stop"),
    chunk({ role: "assistant", content: "" }, null, { usage }),
    "data: [DONE]\n\n",
  ].join("");
  expect([...decoder.push(Buffer.from(wire)), ...decoder.finish()].slice(-3)).toEqual([
    { type: "finish", reason: "stop" },
    { type: "usage", usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } },
    { type: "end" },
  ]);
});
