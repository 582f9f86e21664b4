/** OpenAI's own client reads what the gateway writes, whole and event by event. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import type { ConversationEvent } from "../../conversation/events.ts";
import { responses } from "./index.ts";

const ANSWER: ConversationEvent[] = [
  { type: "start", id: "a-1", model: "claude-x", created: 1_700_000_000 },
  { type: "block-start", index: 0, block: { type: "thinking" } },
  { type: "thinking-delta", index: 0, text: "Lyon" },
  { type: "signature-delta", index: 0, signature: "c2ln" },
  { type: "block-stop", index: 0 },
  { type: "block-start", index: 1, block: { type: "text" } },
  { type: "text-delta", index: 1, text: "I " },
  { type: "text-delta", index: 1, text: "look." },
  { type: "citation", index: 1, citation: { url: "https://example.com", title: "One" } },
  { type: "block-stop", index: 1 },
  { type: "block-start", index: 2, block: { type: "tool-use", id: "call_1", name: "weather" } },
  { type: "tool-input-delta", index: 2, json: '{"city":' },
  { type: "tool-input-delta", index: 2, json: '"Lyon"}' },
  { type: "block-stop", index: 2 },
  { type: "finish", reason: "tool-use" },
  { type: "usage", usage: { inputTokens: 5, outputTokens: 7, reasoningTokens: 3 } },
  { type: "end" },
];

const server = createServer(async (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const request = responses.parse(Buffer.concat(chunks));
  const { stream } = request;
  const encoder = responses.conversation?.encoder(request, { stream, created: 1, id: "gen" });
  if (encoder === undefined) throw new Error("no conversation");
  outgoing.writeHead(200, { "content-type": encoder.contentType });
  for (const event of ANSWER) for (const piece of encoder.push(event)) outgoing.write(piece);
  for (const piece of encoder.finish()) outgoing.write(piece);
  outgoing.end();
});
let client: OpenAI;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = new OpenAI({ apiKey: "k", baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const request = {
  model: "m",
  input: "Weather in Lyon?",
  include: ["reasoning.encrypted_content" as const],
};

test("whole", async () => {
  const response = await client.responses.create(request);
  expect(response.output_text).toBe("I look.");
  expect(response.status).toBe("completed");
  expect(response.output.map(({ type }) => type)).toEqual([
    "reasoning",
    "message",
    "function_call",
  ]);
  expect(response.usage).toMatchObject({ input_tokens: 5, output_tokens: 7, total_tokens: 12 });
});

test("the client's own accumulator comes to the same, and finds no gap in the sequence", async () => {
  const stream = client.responses.stream(request);
  const numbers: number[] = [];
  for await (const event of stream) numbers.push(event.sequence_number);
  expect(numbers).toEqual(numbers.map((_, index) => index));
  const final = await stream.finalResponse();
  const whole = await client.responses.create(request);
  expect(JSON.parse(JSON.stringify(final.output))).toMatchObject(
    JSON.parse(JSON.stringify(whole.output)),
  );
});

test("what was answered can be sent back: the reasoning and its proof, the call", async () => {
  const { output } = await client.responses.create(request);
  const decoded = responses.conversation?.decode(
    responses.parse(
      Buffer.from(
        JSON.stringify({
          ...request,
          input: [...output, { type: "function_call_output", call_id: "call_1", output: "Sunny" }],
        }),
      ),
    ),
  );
  expect(decoded?.turns).toEqual([
    {
      role: "assistant",
      content: [
        { type: "thinking", text: "Lyon", signature: "c2ln" },
        { type: "text", text: "I look." },
        { type: "tool-use", id: "call_1", name: "weather", input: { city: "Lyon" } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool-result",
          toolUseId: "call_1",
          content: [{ type: "text", text: "Sunny" }],
        },
      ],
    },
  ]);
});

test.each([
  [{ previous_response_id: "resp_0" }, "previous_response_id"],
  [{ background: true }, "background"],
  [{ input: [{ type: "item_reference", id: "x" }] }, "input[0]"],
  [{ input: [{ role: "user", content: [{ type: "input_video" }] }] }, "input[0].content[0].type"],
  [{ tools: [{ type: "custom", name: "x" }] }, "tools[0]"],
])("%j is refused by its name", (more, param) => {
  const parsed = responses.parse(Buffer.from(JSON.stringify({ ...request, ...more })));
  expect(() => responses.conversation?.decode(parsed)).toThrow(
    expect.objectContaining({ status: 422, param }),
  );
});
