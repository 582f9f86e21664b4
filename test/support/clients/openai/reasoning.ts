import assert from "node:assert/strict";
import type { ChatCompletionChunk, ChatCompletionMessageParam } from "openai/resources";
import { CITY_SCHEMA, type Draft } from "../scenario.ts";
import { ask, collect, type OpenAiContext, onlyChoice, textOf } from "./context.ts";

/** The field that OpenAI-like servers give the text of reasoning in. */
type WithReasoning = { reasoning_content?: string };

/** Models that think before they speak. */
export const reasoning: Draft<OpenAiContext>[] = [
  {
    name: "reasons, and tells the tokens",
    needs: ["reasoning"],
    async run({ client, target: { model, reasoningModel = model } }) {
      const { usage, ...completion } = await client.chat.completions.create({
        model: reasoningModel,
        messages: ask("Think about this"),
        reasoning_effort: "low",
      });
      assert.match(onlyChoice(completion).message.content ?? "", /Think about this/);
      const tokens = usage?.completion_tokens_details?.reasoning_tokens;
      assert.ok(tokens, "reasoning tokens");
      assert.ok(tokens < (usage?.completion_tokens ?? 0), "fewer than all tokens of the answer");
    },
  },
  {
    name: "gives the text of its reasoning, whole and streamed",
    needs: ["reasoning-text"],
    async run({ client, target: { model, reasoningModel = model } }) {
      const request = {
        model: reasoningModel,
        messages: ask("Think about that"),
        reasoning_effort: "low" as const,
      };
      const { message } = onlyChoice(await client.chat.completions.create(request));
      const thought = (message as WithReasoning).reasoning_content;
      assert.match(thought ?? "", /Think about that/);
      const chunks = await collect(
        await client.chat.completions.create({ ...request, stream: true }),
      );
      assert.equal(reasoningOf(chunks), thought);
      assert.equal(textOf(chunks), message.content);
    },
  },
  {
    name: "takes its reasoning back with the results of the tools that it called",
    needs: ["reasoning-text", "tools"],
    async run({ client, target: { model, reasoningModel = model } }) {
      const tools = [
        { type: "function" as const, function: { name: "get_weather", parameters: CITY_SCHEMA } },
      ];
      const request = { model: reasoningModel, tools, reasoning_effort: "low" as const };
      const question = ask("What is the weather in Lima?");
      const { message } = onlyChoice(
        await client.chat.completions.create({ ...request, messages: question }),
      );
      const [call] = message.tool_calls ?? [];
      assert.ok(call, "a tool call");
      const messages: ChatCompletionMessageParam[] = [
        ...question,
        message,
        { role: "tool", tool_call_id: call.id, content: "20 degrees" },
      ];
      const answer = onlyChoice(await client.chat.completions.create({ ...request, messages }));
      assert.match(answer.message.content ?? "", /20 degrees/);
    },
  },
];

const reasoningOf = (chunks: ChatCompletionChunk[]): string =>
  chunks
    .map(({ choices }) => (choices[0]?.delta as WithReasoning | undefined)?.reasoning_content ?? "")
    .join("");
