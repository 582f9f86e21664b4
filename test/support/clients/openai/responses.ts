import assert from "node:assert/strict";
import type {
  Response,
  ResponseFunctionToolCall,
  ResponseInput,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import {
  assertSame,
  CITY_SCHEMA,
  type Draft,
  PERSON_SCHEMA,
  PIXEL,
  UNUSUAL_TEXT,
} from "../scenario.ts";
import type { OpenAiContext } from "./context.ts";
import { assertRefused } from "./errors.ts";

const tools = [
  {
    type: "function" as const,
    name: "get_weather",
    description: "Weather of a city",
    parameters: CITY_SCHEMA,
    strict: true,
  },
  {
    type: "function" as const,
    name: "get_time",
    parameters: { type: "object", properties: {} },
    strict: false,
  },
];

const calls = ({ output }: Pick<Response, "output">): ResponseFunctionToolCall[] =>
  output.filter((item): item is ResponseFunctionToolCall => item.type === "function_call");

const cityOf = ({ arguments: text }: ResponseFunctionToolCall): string => JSON.parse(text).city;

/** The conversation so far as an application keeps it: question, output as it came, results. */
const withResults = (question: string, { output }: Pick<Response, "output">): ResponseInput => [
  { role: "user", content: question },
  ...(output as ResponseInput),
  ...calls({ output }).map((call) => ({
    type: "function_call_output" as const,
    call_id: call.call_id,
    output: `18 degrees in ${cityOf(call)}`,
  })),
];

async function collect(
  stream: AsyncIterable<ResponseStreamEvent>,
): Promise<[ResponseStreamEvent[], Response]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  assertSame(
    events.map(({ sequence_number }) => sequence_number),
    events.map((_, index) => index),
  );
  assert.equal(events[0]?.type, "response.created");
  const last = events.at(-1);
  assert.ok(last && "response" in last, "the whole response at the end");
  return [events, last.response];
}

/** OpenAI's newer API, whole and streamed. */
export const responses: Draft<OpenAiContext>[] = [
  {
    name: "answers, with everything that a response has",
    async run({ client, target: { model } }) {
      const response = await client.responses.create({ model, input: "Hello there" });
      assert.equal(response.object, "response");
      assert.equal(response.status, "completed");
      assert.match(response.id, /^resp_/);
      assert.ok(Number.isInteger(response.created_at));
      assert.match(response.output_text, /Hello there/);
      const { usage } = response;
      assert.ok(usage && usage.input_tokens > 0 && usage.output_tokens > 0);
      assert.equal(usage.total_tokens, usage.input_tokens + usage.output_tokens);
    },
  },
  {
    name: "streams the same response, in numbered events",
    async run({ client, target: { model } }) {
      const request = { model, input: "Stream this please" };
      const whole = await client.responses.create(request);
      const [events, last] = await collect(
        await client.responses.create({ ...request, stream: true }),
      );
      const text = events.map((event) =>
        event.type === "response.output_text.delta" ? event.delta : "",
      );
      assert.equal(text.join(""), whole.output_text);
      assert.equal(events.at(-1)?.type, "response.completed");
      assert.equal(last.usage?.total_tokens, whole.usage?.total_tokens);
    },
  },
  {
    name: "is put together by the client's own stream helper",
    async run({ client, target: { model } }) {
      const request = { model, input: "Help me with this" };
      const final = await client.responses.stream(request).finalResponse();
      assert.match(final.output_text, /Help me with this/);
      assert.equal(final.status, "completed");
    },
  },
  {
    name: "carries unusual characters unharmed, whole and streamed",
    async run({ client, target: { model } }) {
      const request = { model, input: UNUSUAL_TEXT };
      assert.ok((await client.responses.create(request)).output_text.includes(UNUSUAL_TEXT));
      const streamed = await client.responses.stream(request).finalResponse();
      assert.ok(streamed.output_text.includes(UNUSUAL_TEXT));
    },
  },
  {
    name: "reads instructions and earlier turns",
    async run({ client, target: { model } }) {
      const first = await client.responses.create({ model, input: "First question" });
      const response = await client.responses.create({
        model,
        instructions: "You are terse.",
        input: [
          { role: "developer", content: "Never shout." },
          { role: "user", content: "First question" },
          ...(first.output as ResponseInput).filter(({ type }) => type === "message"),
          { role: "assistant", content: "Anything else?" },
          { role: "user", content: [{ type: "input_text", text: "Second question" }] },
        ],
        max_output_tokens: 200,
      });
      assert.match(response.output_text, /Second question/);
    },
  },
  {
    name: "says that it was cut",
    async run({ client, target: { model } }) {
      const request = {
        model,
        input: "one two three four five six seven eight nine ten ".repeat(5),
        max_output_tokens: 16,
      };
      const whole = await client.responses.create(request);
      const [events, last] = await collect(
        await client.responses.create({ ...request, stream: true }),
      );
      for (const response of [whole, last]) {
        assert.equal(response.status, "incomplete");
        assert.equal(response.incomplete_details?.reason, "max_output_tokens");
      }
      assert.equal(events.at(-1)?.type, "response.incomplete");
    },
  },
  {
    name: "sees images",
    needs: ["images"],
    async run({ client, target: { model } }) {
      const response = await client.responses.create({
        model,
        input: [
          {
            role: "user",
            content: [
              { type: "input_text", text: "What is this?" },
              {
                type: "input_image",
                image_url: `data:image/png;base64,${PIXEL}`,
                detail: "auto",
              },
            ],
          },
        ],
      });
      assert.match(response.output_text, /1 image/);
    },
  },
  {
    name: "calls a tool and reads its result, whole and streamed",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Paris?";
      const request = { model, tools, input: question };
      for (const first of [
        await client.responses.create(request),
        await client.responses.stream(request).finalResponse(),
      ]) {
        const [call, ...others] = calls(first);
        assert.equal(others.length, 0);
        assert.equal(call?.name, "get_weather");
        assertSame(JSON.parse(call?.arguments ?? ""), { city: "Paris" });
        const input = withResults(question, first);
        const second = await client.responses.create({ model, tools, input });
        assert.match(second.output_text, /18 degrees in Paris/);
      }
    },
  },
  {
    name: "calls tools in parallel",
    needs: ["parallel-tools"],
    async run({ client, target: { model } }) {
      const question = "What is the weather in Paris and Rome?";
      const request = { model, tools, input: question };
      const whole = await client.responses.create(request);
      const [, streamed] = await collect(
        await client.responses.create({ ...request, stream: true }),
      );
      for (const response of [whole, streamed]) {
        assertSame(calls(response).map(cityOf), ["Paris", "Rome"]);
        assert.equal(new Set(calls(response).map(({ call_id }) => call_id)).size, 2);
      }
      const input = withResults(question, streamed);
      const answer = await client.responses.create({ model, tools, input });
      assert.match(answer.output_text, /18 degrees in Paris.*18 degrees in Rome/s);
    },
  },
  {
    name: "obeys a tool choice",
    needs: ["tools"],
    async run({ client, target: { model } }) {
      const named = await client.responses.create({
        model,
        tools,
        input: "The weather in Bonn, and nothing else",
        tool_choice: { type: "function", name: "get_time" },
      });
      assert.equal(calls(named)[0]?.name, "get_time");
      const any = await client.responses.create({
        model,
        tools,
        input: "Hello",
        tool_choice: "required",
      });
      assert.equal(calls(any).length, 1);
    },
  },
  {
    name: "answers in JSON of a schema",
    needs: ["structured-output"],
    async run({ client, target: { model } }) {
      const response = await client.responses.parse({
        model,
        input: "Ada",
        text: {
          format: { type: "json_schema", name: "person", schema: PERSON_SCHEMA, strict: true },
        },
      });
      assertSame(response.output_parsed, { name: "Ada", age: 1, tags: ["Ada"] });
    },
  },
  {
    name: "tells a refusal",
    needs: ["refusals"],
    async run({ client, target: { model } }) {
      const { output } = await client.responses.create({ model, input: "refuse this" });
      const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
      const [part] = parts;
      assert.ok(part?.type === "refusal");
      assert.match(part.refusal, /cannot help/);
    },
  },
  {
    name: "takes its encrypted reasoning back with the results of the tools that it called",
    needs: ["reasoning-items", "tools"],
    async run({ client, target: { model, reasoningModel = model } }) {
      const question = "What is the weather in Lima?";
      const request = {
        model: reasoningModel,
        tools,
        store: false,
        reasoning: { effort: "low" as const, summary: "auto" as const },
        include: ["reasoning.encrypted_content" as const],
      };
      for (const first of [
        await client.responses.create({ ...request, input: question }),
        await client.responses.stream({ ...request, input: question }).finalResponse(),
      ]) {
        const [thought] = first.output;
        assert.ok(thought?.type === "reasoning", "reasoning comes first");
        assert.ok(thought.encrypted_content, "what proves it");
        assert.match(thought.summary.map(({ text }) => text).join(""), /weather in Lima/);
        assert.ok((first.usage?.output_tokens ?? 0) > 0);
        const input = withResults(question, first);
        const second = await client.responses.create({ ...request, input });
        assert.match(second.output_text, /18 degrees in Lima/);
      }
    },
  },
  {
    name: "goes on from an earlier response",
    needs: ["stored-responses"],
    async run({ client, target: { model } }) {
      const first = await client.responses.create({
        model,
        tools,
        input: "What is the weather in Oslo?",
      });
      const [call] = calls(first);
      const second = await client.responses.create({
        model,
        tools,
        previous_response_id: first.id,
        input: [
          { type: "function_call_output", call_id: call?.call_id ?? "", output: "4 degrees" },
        ],
      });
      assert.match(second.output_text, /4 degrees/);
    },
  },
  {
    name: "refuses a request without input",
    async run({ client, target: { model } }) {
      await assertRefused(client.responses.create({ model, input: [] }), [400, 422]);
      await assertRefused(client.responses.create({ model, input: [], stream: true }), [400, 422]);
    },
  },
  {
    name: "passes a rate limit on, with the time to wait",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "status", status: 429, headers: { "retry-after": "7" } });
      const error = await assertRefused(client.responses.create({ model, input: "Hi" }), [429]);
      assert.equal(error.headers?.get("retry-after"), "7");
    },
  },
  {
    name: "tells what went wrong in the midst of a stream",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "stream-error", afterEvents: 6 });
      const stream = await client.responses.create({
        model,
        input: "word ".repeat(50),
        stream: true,
      });
      await assert.rejects(collect(stream), /told to fail/);
    },
  },
  {
    name: "never passes off a broken stream as a whole one",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "reset", afterBytes: 900 });
      const stream = client.responses.create({
        model,
        input: "word ".repeat(500),
        stream: true,
      });
      await assert.rejects(stream.then(collect));
    },
  },
];
