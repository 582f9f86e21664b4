import assert from "node:assert/strict";
import type { Message, MessageParam, ToolUseBlock } from "@anthropic-ai/sdk/resources";
import { assertSame, CITY_SCHEMA, type Draft } from "../scenario.ts";
import { type AnthropicContext, ask, assertOrder, collect, MAX_TOKENS, textOf } from "./context.ts";

const tools = [
  { name: "get_weather", description: "Weather of a city", input_schema: CITY_SCHEMA },
  { name: "get_time", input_schema: { type: "object" as const, properties: {} } },
];
const shared = { max_tokens: MAX_TOKENS, tools };

export const toolCalls = ({ content }: Pick<Message, "content">): ToolUseBlock[] =>
  content.filter((block): block is ToolUseBlock => block.type === "tool_use");

const cityOf = ({ input }: ToolUseBlock): string => (input as { city: string }).city;

/** The conversation so far, and the results of all tools that the model called. */
export const withResults = (question: string, message: Message): MessageParam[] => [
  ...ask(question),
  { role: "assistant", content: message.content },
  {
    role: "user",
    content: toolCalls(message).map((call) => ({
      type: "tool_result" as const,
      tool_use_id: call.id,
      content: [{ type: "text" as const, text: `18 degrees in ${cityOf(call)}` }],
    })),
  },
];

export const toolUse: Draft<AnthropicContext>[] = [
  {
    name: "calls a tool and reads its result",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Paris?";
      const first = await client.messages.create({ ...shared, model, messages: ask(question) });
      assert.equal(first.stop_reason, "tool_use");
      const [call, ...others] = toolCalls(first);
      assert.equal(others.length, 0);
      assert.ok(call?.id);
      assert.equal(call.name, "get_weather");
      assertSame(call.input, { city: "Paris" });

      const messages = withResults(question, first);
      const second = await client.messages.create({ ...shared, model, messages });
      assert.equal(second.stop_reason, "end_turn");
      assert.match(textOf(second), /18 degrees in Paris/);
    },
  },
  {
    name: "streams a tool call, and its answer",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Oslo?";
      const request = { ...shared, model, messages: ask(question) };
      const events = await collect(await client.messages.create({ ...request, stream: true }));
      assertOrder(events);
      const json = events.map((event) =>
        event.type === "content_block_delta" && event.delta.type === "input_json_delta"
          ? event.delta.partial_json
          : "",
      );
      assertSame(JSON.parse(json.join("")), { city: "Oslo" });

      const message = await client.messages.stream(request).finalMessage();
      assert.equal(message.stop_reason, "tool_use");
      assertSame(toolCalls(message)[0]?.input, { city: "Oslo" });
      const answer = client.messages.stream({
        ...request,
        messages: withResults(question, message),
      });
      assert.match(await answer.finalText(), /18 degrees in Oslo/);
    },
  },
  {
    name: "calls tools in parallel, whole and streamed",
    needs: ["parallel-tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Paris and Rome?";
      const request = { ...shared, model, messages: ask(question) };
      const whole = await client.messages.create(request);
      const streamed = await client.messages.stream(request).finalMessage();
      for (const message of [whole, streamed]) {
        assertSame(toolCalls(message).map(cityOf), ["Paris", "Rome"]);
        assert.equal(new Set(toolCalls(message).map(({ id }) => id)).size, 2);
      }
      const messages = withResults(question, whole);
      const answer = await client.messages.create({ ...shared, model, messages });
      assert.match(textOf(answer), /18 degrees in Paris.*18 degrees in Rome/s);
    },
  },
  {
    name: "obeys a tool choice",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const named = await client.messages.create({
        ...shared,
        model,
        messages: ask("The weather in Bonn, and nothing else"),
        tool_choice: { type: "tool", name: "get_time" },
      });
      assert.equal(toolCalls(named)[0]?.name, "get_time");
      const any = await client.messages.create({
        ...shared,
        model,
        messages: ask("Hello"),
        tool_choice: { type: "any" },
      });
      assert.equal(toolCalls(any).length, 1);
    },
  },
  {
    name: "takes a tool's failure back",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Kyiv?";
      const first = await client.messages.create({ ...shared, model, messages: ask(question) });
      const answer = await client.messages.create({
        ...shared,
        model,
        messages: [
          ...ask(question),
          { role: "assistant", content: first.content },
          {
            role: "user",
            content: [
              {
                type: "tool_result",
                tool_use_id: toolCalls(first)[0]?.id ?? "",
                content: "no such city",
                is_error: true,
              },
              { type: "text", text: "Go on" },
            ],
          },
        ],
      });
      assert.match(textOf(answer), /no such city/);
    },
  },
];
