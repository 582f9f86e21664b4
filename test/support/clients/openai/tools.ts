import assert from "node:assert/strict";
import type {
  ChatCompletionMessage,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageParam,
} from "openai/resources";
import { assertSame, CITY_SCHEMA, type Draft, PERSON_SCHEMA } from "../scenario.ts";
import { ask, collect, finishReasons, type OpenAiContext, onlyChoice } from "./context.ts";

const weather = {
  type: "function" as const,
  function: { name: "get_weather", description: "Weather of a city", parameters: CITY_SCHEMA },
};
const clock = {
  type: "function" as const,
  function: { name: "get_time", parameters: { type: "object", properties: {} } },
};
const tools = [weather, clock];

function functionCalls({ tool_calls = [] }: ChatCompletionMessage) {
  return tool_calls.filter(
    (call): call is ChatCompletionMessageFunctionToolCall => call.type === "function",
  );
}

/** The conversation so far, and the results of all tools that the model called. */
const withResults = (
  question: string,
  message: ChatCompletionMessage,
): ChatCompletionMessageParam[] => [
  ...ask(question),
  message,
  ...functionCalls(message).map((call) => ({
    role: "tool" as const,
    tool_call_id: call.id,
    content: `18 degrees in ${JSON.parse(call.function.arguments).city}`,
  })),
];

/** Tools and structured output. */
export const toolUse: Draft<OpenAiContext>[] = [
  {
    name: "calls a tool and reads its result",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Paris?";
      const first = onlyChoice(
        await client.chat.completions.create({ model, messages: ask(question), tools }),
      );
      assert.equal(first.finish_reason, "tool_calls");
      const [call, ...others] = functionCalls(first.message);
      assert.equal(others.length, 0);
      assert.ok(call?.id);
      assert.equal(call.function.name, "get_weather");
      assertSame(JSON.parse(call.function.arguments), { city: "Paris" });

      const messages = withResults(question, first.message);
      const second = onlyChoice(await client.chat.completions.create({ model, messages, tools }));
      assert.equal(second.finish_reason, "stop");
      assert.match(second.message.content ?? "", /18 degrees in Paris/);
    },
  },
  {
    name: "streams a tool call, and its answer",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Oslo?";
      const request = { model, messages: ask(question), tools };
      const chunks = await collect(
        await client.chat.completions.create({ ...request, stream: true }),
      );
      assertSame(finishReasons(chunks), ["tool_calls"]);
      const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
      assert.ok(deltas[0]?.id, "the first delta has the id");
      assert.equal(deltas[0]?.function?.name, "get_weather");
      assert.ok(
        deltas.slice(1).every(({ id }) => id === undefined),
        "and only the first",
      );
      const text = deltas.map((delta) => delta.function?.arguments ?? "").join("");
      assertSame(JSON.parse(text), { city: "Oslo" });

      const runner = client.chat.completions.stream(request);
      // The helper adds a field of its own, which is none of the API's.
      const { parsed: _, ...message } = onlyChoice(await runner.finalChatCompletion())
        .message as ChatCompletionMessage & { parsed?: unknown };
      const answer = await client.chat.completions
        .stream({ model, messages: withResults(question, message), tools })
        .finalContent();
      assert.match(answer ?? "", /18 degrees in Oslo/);
    },
  },
  {
    name: "calls tools in parallel, whole and streamed",
    needs: ["parallel-tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Paris and Rome?";
      const request = { model, messages: ask(question), tools };
      const { message } = onlyChoice(await client.chat.completions.create(request));
      const calls = functionCalls(message);
      assertSame(
        calls.map((call) => JSON.parse(call.function.arguments).city),
        ["Paris", "Rome"],
      );
      assert.equal(new Set(calls.map(({ id }) => id)).size, 2);

      const messages = withResults(question, message);
      const answer = onlyChoice(await client.chat.completions.create({ model, messages, tools }));
      assert.match(answer.message.content ?? "", /18 degrees in Paris.*18 degrees in Rome/s);

      const chunks = await collect(
        await client.chat.completions.create({ ...request, stream: true }),
      );
      const streamed = ["", ""];
      for (const delta of chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])) {
        streamed[delta.index] += delta.function?.arguments ?? "";
      }
      assertSame(
        streamed.map((text) => JSON.parse(text).city),
        ["Paris", "Rome"],
      );
    },
  },
  {
    name: "obeys a tool choice",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const messages = ask("The weather in Bonn, and nothing else");
      const named = await client.chat.completions.create({
        model,
        messages,
        tools,
        tool_choice: { type: "function", function: { name: "get_time" } },
      });
      assert.equal(functionCalls(onlyChoice(named).message)[0]?.function.name, "get_time");
      const required = await client.chat.completions.create({
        model,
        messages: ask("Hello"),
        tools,
        tool_choice: "required",
      });
      assert.equal(functionCalls(onlyChoice(required).message).length, 1);
    },
  },
  {
    name: "calls no tool where it may not",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const completion = await client.chat.completions.create({
        model,
        messages: ask("What is the weather in Bern?"),
        tools,
        tool_choice: "none",
      });
      assert.equal(onlyChoice(completion).finish_reason, "stop");
      assert.equal(functionCalls(onlyChoice(completion).message).length, 0);
    },
  },
  {
    name: "answers in the shape of a schema, whole and streamed",
    needs: ["structured-output"],
    async run({ client, target: { model } }) {
      const request = {
        model,
        messages: ask("Ada"),
        response_format: {
          type: "json_schema" as const,
          json_schema: { name: "person", strict: true, schema: PERSON_SCHEMA },
        },
      };
      const { message } = onlyChoice(await client.chat.completions.create(request));
      const person = JSON.parse(message.content ?? "");
      assertSame(Object.keys(person).sort(), ["age", "name", "tags"]);
      assert.equal(person.name, "Ada");
      const parsed = onlyChoice(
        await client.chat.completions.stream(request).finalChatCompletion(),
      );
      assertSame(JSON.parse(parsed.message.content ?? ""), person);
    },
  },
  {
    name: "answers in JSON",
    needs: ["json-mode"],
    async run({ client, target: { model } }) {
      const completion = await client.chat.completions.create({
        model,
        messages: ask("Answer in JSON"),
        response_format: { type: "json_object" },
      });
      assert.equal(typeof JSON.parse(onlyChoice(completion).message.content ?? ""), "object");
    },
  },
];
