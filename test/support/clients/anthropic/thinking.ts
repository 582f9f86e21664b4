import assert from "node:assert/strict";
import { assertSame, CITY_SCHEMA, type Draft } from "../scenario.ts";
import { type AnthropicContext, ask, textOf } from "./context.ts";
import { toolCalls, withResults } from "./tools.ts";

const shared = {
  max_tokens: 4000,
  thinking: { type: "enabled" as const, budget_tokens: 1024 },
};

/** Models that think before they speak. Whoever made a signature verifies it. */
export const thinking: Draft<AnthropicContext>[] = [
  {
    name: "thinks before it speaks, and signs its thoughts",
    needs: ["reasoning-text"],
    async run({ client, target: { model, reasoningModel = model } }) {
      const request = { ...shared, model: reasoningModel, messages: ask("Think about this") };
      const whole = await client.messages.create(request);
      const streamed = await client.messages.stream(request).finalMessage();
      for (const message of [whole, streamed]) {
        const [thought] = message.content;
        assert.ok(thought?.type === "thinking", "thinking comes first");
        assert.match(thought.thinking, /Think about this/);
        assert.ok(thought.signature, "a signature");
        assert.match(textOf(message), /Think about this/);
      }
      assertSame(streamed.content[0], whole.content[0]);
    },
  },
  {
    name: "takes its signed thoughts back with the results of the tools that it called",
    needs: ["reasoning-text", "tools"],
    async run({ client, target: { model, reasoningModel = model } }) {
      const tools = [{ name: "get_weather", input_schema: CITY_SCHEMA }];
      const request = { ...shared, model: reasoningModel, tools };
      const question = "What is the weather in Lima?";
      for (const first of [
        await client.messages.create({ ...request, messages: ask(question) }),
        await client.messages.stream({ ...request, messages: ask(question) }).finalMessage(),
      ]) {
        assert.equal(first.content[0]?.type, "thinking");
        assert.equal(toolCalls(first).length, 1);
        const messages = withResults(question, first);
        const answer = await client.messages.create({ ...request, messages });
        assert.match(textOf(answer), /18 degrees in Lima/);
      }
    },
  },
  {
    name: "refuses thoughts that were tampered with",
    needs: ["reasoning-text"],
    async run({ client, target: { model, reasoningModel = model } }) {
      const request = { ...shared, model: reasoningModel };
      const question = ask("Think about this");
      const { content } = await client.messages.create({ ...request, messages: question });
      const [thought, ...rest] = content;
      assert.ok(thought?.type === "thinking");
      const forged = { ...thought, thinking: `${thought.thinking} and something else` };
      await assert.rejects(
        client.messages.create({
          ...request,
          messages: [
            ...question,
            { role: "assistant", content: [forged, ...rest] },
            { role: "user", content: "Go on" },
          ],
        }),
        /signature/i,
      );
    },
  },
  {
    name: "takes redacted thoughts back",
    needs: ["redacted-reasoning"],
    async run({ client, target: { model, reasoningModel = model } }) {
      const request = { ...shared, model: reasoningModel };
      const question = ask("Please hide your thinking");
      for (const { content } of [
        await client.messages.create({ ...request, messages: question }),
        await client.messages.stream({ ...request, messages: question }).finalMessage(),
      ]) {
        assert.equal(content[0]?.type, "redacted_thinking");
        const answer = await client.messages.create({
          ...request,
          messages: [
            ...question,
            { role: "assistant", content },
            { role: "user", content: "Go on" },
          ],
        });
        assert.match(textOf(answer), /Go on/);
      }
    },
  },
];
