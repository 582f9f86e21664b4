/** Cohere's own client takes the stand-in for the real thing. */
import { CohereClientV2 } from "cohere-ai";
import { PIXEL } from "../../clients/scenario.ts";
import type { StandIn } from "../standin.ts";
import { COHERE_KEY, startCohere } from "./server.ts";

let standIn: StandIn;
let client: CohereClientV2;
beforeAll(async () => {
  standIn = await startCohere();
  client = new CohereClientV2({ token: COHERE_KEY, environment: standIn.url });
});
afterAll(() => standIn.close());

const model = "command-a-03-2025";
const user = (content: string) => ({ role: "user" as const, content });
const tools = [
  {
    type: "function" as const,
    function: {
      name: "get_weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];

test("chats, whole and streamed, with thoughts", async () => {
  const request = {
    model: "command-a-reasoning-08-2025",
    messages: [user("Hello there")],
    thinking: { type: "enabled" as const, tokenBudget: 1000 },
  };
  const whole = await client.chat(request);
  expect(whole.finishReason).toBe("COMPLETE");
  expect(whole.message.content).toEqual([
    { type: "thinking", thinking: "The user said: Hello there" },
    { type: "text", text: "You said: Hello there" },
  ]);
  let text = "";
  let end: unknown;
  for await (const event of await client.chatStream(request)) {
    if (event.type === "content-delta") text += event.delta?.message?.content?.text ?? "";
    if (event.type === "message-end") end = event.delta;
  }
  expect(text).toBe("You said: Hello there");
  expect(end).toMatchObject({ finishReason: "COMPLETE", usage: whole.usage });
});

test("calls tools and reads their results", async () => {
  const question = user("Weather in Paris and Rome?");
  const { message, finishReason } = await client.chat({ model, messages: [question], tools });
  expect(finishReason).toBe("TOOL_CALL");
  const results = (message.toolCalls ?? []).map(({ id, function: called }) => ({
    role: "tool" as const,
    toolCallId: id,
    content: `18 in ${JSON.parse(called?.arguments ?? "").city}`,
  }));
  const messages = [question, message, ...results];
  const second = await client.chat({ model, messages, tools });
  expect(second.message.content?.[0]).toEqual({
    type: "text",
    text: "The tools said: 18 in Paris; 18 in Rome",
  });
  await expect(
    client.chat({ model, messages: [question, message, user("And?")], tools }),
  ).rejects.toMatchObject({ statusCode: 400 });
});

test("answers in JSON, sees pictures, is cut", async () => {
  const json = await client.chat({
    model,
    messages: [user("Ada")],
    responseFormat: {
      type: "json_object",
      jsonSchema: { type: "object", properties: { name: { type: "string" } } },
    },
  });
  expect(json.message.content?.[0]).toEqual({ type: "text", text: '{"name":"Ada"}' });
  const picture = {
    type: "image_url" as const,
    imageUrl: { url: `data:image/png;base64,${PIXEL}` },
  };
  const content = [{ type: "text" as const, text: "What?" }, picture];
  const seen = await client.chat({
    model: "command-a-vision-07-2025",
    messages: [{ role: "user", content }],
  });
  expect(JSON.stringify(seen.message.content)).toContain("1 image");
  const cut = await client.chat({ model, messages: [user("a b c d e f g")], maxTokens: 2 });
  expect(cut.finishReason).toBe("MAX_TOKENS");
});

test.each([
  [{ p: 1 }, 400],
  [{ messages: [] }, 400],
  [{ top_p: 0.5 }, 422],
  [{ tool_choice: "AUTO" }, 400],
  [{ messages: [{ role: "tool", tool_call_id: "x", content: "y" }] }, 400],
  [{ thinking: { type: "enabled" } }, 400],
])("%j is refused", async (more, status) => {
  const answer = await fetch(`${standIn.url}/v2/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${COHERE_KEY}` },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "x" }], ...more }),
  });
  expect(answer.status).toBe(status);
});
