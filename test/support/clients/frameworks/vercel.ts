import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import {
  generateText,
  isStepCount,
  jsonSchema,
  type LanguageModel,
  Output,
  streamText,
  tool,
} from "ai";
import {
  assertSame,
  CITY_SCHEMA,
  type Draft,
  finished,
  PERSON_SCHEMA,
  PIXEL,
  type Scenario,
  type Target,
} from "../scenario.ts";

interface VercelContext {
  target: Target;
  model: LanguageModel;
}

/** Each API that the package `ai` can speak to us: its `baseUrl` is as OpenAI's, or Anthropic's, clients take it. */
const APIS = {
  chat: ({ baseUrl: baseURL, apiKey, model }: Target) =>
    createOpenAI({ baseURL, apiKey }).chat(model),
  responses: ({ baseUrl: baseURL, apiKey, model }: Target) =>
    createOpenAI({ baseURL, apiKey }).responses(model),
  messages: ({ baseUrl, apiKey, model }: Target) =>
    createAnthropic({ baseURL: `${baseUrl}/v1`, apiKey })(model),
};
export type VercelApi = keyof typeof APIS;

const tools = {
  get_weather: tool({
    description: "Weather of a city",
    inputSchema: jsonSchema<{ city: string }>(CITY_SCHEMA),
    execute: async ({ city }) => `18 degrees in ${city}`,
  }),
};

const drafts: Draft<VercelContext>[] = [
  {
    name: "generates, with usage",
    async run({ model }) {
      const { text, usage, finishReason } = await generateText({ model, prompt: "Hello there" });
      assert.match(text, /Hello there/);
      assert.equal(finishReason, "stop");
      assert.ok((usage.inputTokens ?? 0) > 0 && (usage.outputTokens ?? 0) > 0);
    },
  },
  {
    name: "streams",
    async run({ model }) {
      const result = streamText({ model, prompt: "Stream this please" });
      let text = "";
      for await (const piece of result.textStream) text += piece;
      assert.match(text, /Stream this please/);
      assert.equal(await result.finishReason, "stop");
      assert.ok(((await result.usage).outputTokens ?? 0) > 0);
    },
  },
  {
    name: "goes on by itself until its tools have answered, whole and streamed",
    needs: ["tools"],
    async run({ model }) {
      const request = {
        model,
        tools,
        prompt: "What is the weather in Paris and Rome?",
        stopWhen: isStepCount(3),
      };
      const whole = await generateText(request);
      assert.match(whole.text, /18 degrees in Paris.*18 degrees in Rome/s);
      assertSame(
        whole.steps[0]?.toolCalls.map(({ input }) => input),
        [{ city: "Paris" }, { city: "Rome" }],
      );
      const streamed = streamText(request);
      assert.match(await streamed.text, /18 degrees in Paris.*18 degrees in Rome/s);
      assert.equal((await streamed.steps).length, 2);
    },
  },
  {
    name: "answers in the shape of a schema",
    needs: ["structured-output"],
    async run({ model }) {
      const { output } = await generateText({
        model,
        prompt: "Ada",
        output: Output.object({ schema: jsonSchema(PERSON_SCHEMA) }),
      });
      assertSame(output, { name: "Ada", age: 1, tags: ["Ada"] });
    },
  },
  {
    name: "sees images",
    needs: ["images"],
    async run({ model }) {
      const { text } = await generateText({
        model,
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "What is this?" },
              { type: "image", image: PIXEL },
            ],
          },
        ],
      });
      assert.match(text, /1 image/);
    },
  },
  {
    name: "is told what went wrong",
    fails: true,
    async run({ model, target: { fail } }) {
      fail?.({ kind: "status", status: 429 });
      await assert.rejects(generateText({ model, prompt: "Hi", maxRetries: 0 }), {
        statusCode: 429,
        message: /told to fail/,
      });
    },
  },
];

/** What applications do with Vercel's `ai`, by one of the APIs. */
export const vercelScenarios = (api: VercelApi): Scenario[] =>
  finished(drafts, (target) => ({ target, model: APIS[api](target) }));
