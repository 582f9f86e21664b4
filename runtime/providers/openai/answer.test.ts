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

/** What a whole answer, and the same as one piece of a stream, come to. */
function events(choice: { message: object; finish_reason: string; logprobs?: object }) {
  const conversation = { model: "m", system: [], turns: [], tools: [], vendor: {} };
  const whole = openAiConversation.decoder({ ...conversation, stream: false });
  whole.push(Buffer.from(JSON.stringify({ choices: [{ index: 0, ...choice }] })));
  const { message, finish_reason, logprobs } = choice;
  const streamed = openAiConversation.decoder({ ...conversation, stream: true });
  const wire = `data: ${JSON.stringify({ choices: [{ index: 0, delta: message, finish_reason, logprobs }] })}\n\n`;
  return [whole.finish(), [...streamed.push(Buffer.from(wire)), ...streamed.finish()]].map((all) =>
    all.filter(({ type }) => type !== "start"),
  );
}

test("a call without an id gets one, and two get two", () => {
  const call = { type: "function", function: { name: "f", arguments: "{}" } };
  for (const all of events({
    message: { tool_calls: [call, call] },
    finish_reason: "tool_calls",
  })) {
    const ids = all.flatMap((event) =>
      event.type === "block-start" && event.block.type === "tool-use" ? [event.block.id] : [],
    );
    expect(ids).toEqual([expect.stringMatching(/^call_\w+/), expect.stringMatching(/^call_\w+/)]);
    expect(new Set(ids).size).toBe(2);
  }
});

test("the one call of a server from before tools", () => {
  const message = { content: null, function_call: { name: "f", arguments: '{"a":1}' } };
  for (const all of events({ message, finish_reason: "function_call" })) {
    expect(all).toMatchObject([
      { type: "block-start", block: { type: "tool-use", name: "f" } },
      { type: "tool-input-delta", json: '{"a":1}' },
      { type: "block-stop" },
      { type: "finish", reason: "tool-use" },
      { type: "end" },
    ]);
  }
});

test("likelihoods go with the text", () => {
  const logprobs = {
    content: [
      {
        token: "A",
        logprob: -0.1,
        bytes: [65],
        top_logprobs: [{ token: "B", logprob: -3, bytes: null }],
      },
    ],
  };
  for (const all of events({ message: { content: "A" }, finish_reason: "stop", logprobs })) {
    expect(all[1]).toEqual({
      type: "text-delta",
      index: 0,
      text: "A",
      logprobs: [{ token: "A", logprob: -0.1, top: [{ token: "B", logprob: -3 }] }],
    });
  }
});
