import assert from "node:assert/strict";
import { HumanMessage, ToolMessage, type UsageMetadata } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import {
  assertSame,
  CITY_SCHEMA,
  type Draft,
  finished,
  PERSON_SCHEMA,
  type Scenario,
  type Target,
} from "../scenario.ts";

interface LangChainContext {
  target: Target;
  model: ChatOpenAI;
}

const tools = [
  {
    type: "function" as const,
    function: { name: "get_weather", description: "Weather of a city", parameters: CITY_SCHEMA },
  },
];

/** Its types know of no usage for messages whose structure they do not know. */
const usageOf = (message: { usage_metadata?: unknown }): UsageMetadata | undefined =>
  message.usage_metadata as UsageMetadata | undefined;

const drafts: Draft<LangChainContext>[] = [
  {
    name: "invokes, with usage",
    async run({ model }) {
      const message = await model.invoke("Hello there");
      const usage = usageOf(message);
      assert.match(message.text, /Hello there/);
      assert.ok(usage && usage.input_tokens > 0 && usage.output_tokens > 0);
    },
  },
  {
    name: "streams",
    async run({ model }) {
      let text = "";
      let tokens = 0;
      for await (const chunk of await model.stream("Stream this please")) {
        text += chunk.text;
        tokens += usageOf(chunk)?.output_tokens ?? 0;
      }
      assert.match(text, /Stream this please/);
      assert.ok(tokens > 0);
    },
  },
  {
    name: "calls a tool and reads its result",
    needs: ["tools"],
    async run({ model }) {
      const bound = model.bindTools(tools);
      const question = new HumanMessage("What is the weather in Paris?");
      const first = await bound.invoke([question]);
      const [call] = first.tool_calls ?? [];
      assertSame(call?.args, { city: "Paris" });
      const result = new ToolMessage({ content: "18 degrees", tool_call_id: call?.id ?? "" });
      const second = await bound.invoke([question, first, result]);
      assert.match(second.text, /18 degrees/);
    },
  },
  {
    name: "answers in the shape of a schema",
    needs: ["structured-output"],
    async run({ model }) {
      const structured = model.withStructuredOutput(PERSON_SCHEMA, {
        name: "person",
        method: "jsonSchema",
      });
      assertSame(await structured.invoke("Ada"), { name: "Ada", age: 1, tags: ["Ada"] });
    },
  },
  {
    name: "is told what went wrong",
    fails: true,
    async run({ model, target: { fail } }) {
      fail?.({ kind: "status", status: 429 });
      await assert.rejects(model.invoke("Hi"), /told to fail/);
    },
  },
];

/** What applications do with LangChain's client of OpenAI. */
export const langChainScenarios = (useResponsesApi: boolean): Scenario[] =>
  finished(drafts, (target) => ({
    target,
    model: new ChatOpenAI({
      model: target.model,
      apiKey: target.apiKey,
      configuration: { baseURL: target.baseUrl },
      maxRetries: 0,
      useResponsesApi,
    }),
  }));
