import { vertexConversation } from "./conversation.ts";

test("likelihoods go with the text that they came beside", () => {
  const decoder = vertexConversation.decoder({
    model: "m",
    stream: false,
    system: [],
    turns: [],
    tools: [],
    vendor: {},
  });
  const answer = {
    candidates: [
      {
        content: { role: "model", parts: [{ text: "hm", thought: true }, { text: "A" }] },
        finishReason: "STOP",
        logprobsResult: {
          chosenCandidates: [{ token: "A", tokenId: 1, logProbability: -0.1 }],
          topCandidates: [{ candidates: [{ token: "B", tokenId: 2, logProbability: -3 }] }],
        },
      },
    ],
  };
  decoder.push(Buffer.from(JSON.stringify(answer)));
  expect(decoder.finish()).toContainEqual({
    type: "text-delta",
    index: 1,
    text: "A",
    logprobs: [{ token: "A", logprob: -0.1, top: [{ token: "B", logprob: -3 }] }],
  });
});
