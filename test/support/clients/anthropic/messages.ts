import assert from "node:assert/strict";
import { assertSame, type Draft, PERSON_SCHEMA, PIXEL, UNUSUAL_TEXT } from "../scenario.ts";
import {
  type AnthropicContext,
  ask,
  assertComplete,
  assertOrder,
  collect,
  MAX_TOKENS,
  textOf,
} from "./context.ts";

const shared = { max_tokens: MAX_TOKENS };

/** Conversation in words, pictures and documents, whole and streamed. */
export const messages: Draft<AnthropicContext>[] = [
  {
    name: "answers, with everything that an answer has",
    async run({ client, target: { model } }) {
      const message = await client.messages.create({
        ...shared,
        model,
        messages: ask("Hello there"),
      });
      assertComplete(message);
      assert.equal(message.stop_reason, "end_turn");
      assert.equal(message.stop_sequence, null);
      assert.match(textOf(message), /Hello there/);
    },
  },
  {
    name: "streams the same answer, every event in its place",
    async run({ client, target: { model } }) {
      const request = { ...shared, model, messages: ask("Stream this please") };
      const whole = await client.messages.create(request);
      const events = await collect(await client.messages.create({ ...request, stream: true }));
      assertOrder(events);
      const text = events.map((event) =>
        event.type === "content_block_delta" && event.delta.type === "text_delta"
          ? event.delta.text
          : "",
      );
      assert.equal(text.join(""), textOf(whole));
      const end = events.find(({ type }) => type === "message_delta");
      assert.ok(end?.type === "message_delta");
      assert.equal(end.delta.stop_reason, "end_turn");
      assert.equal(end.usage.output_tokens, whole.usage.output_tokens);
    },
  },
  {
    name: "is put together by the client's own stream helper",
    async run({ client, target: { model } }) {
      const request = { ...shared, model, messages: ask("Help me with this") };
      const stream = client.messages.stream(request);
      let words = "";
      stream.on("text", (delta) => {
        words += delta;
      });
      const message = await stream.finalMessage();
      assertComplete(message);
      assert.equal(textOf(message), words);
      const whole = await client.messages.create(request);
      assert.equal(words, textOf(whole));
      assert.equal(message.usage.output_tokens, whole.usage.output_tokens);
    },
  },
  {
    name: "carries unusual characters unharmed, whole and streamed",
    async run({ client, target: { model } }) {
      const request = { ...shared, model, messages: ask(UNUSUAL_TEXT) };
      assert.ok(textOf(await client.messages.create(request)).includes(UNUSUAL_TEXT));
      assert.ok(
        textOf(await client.messages.stream(request).finalMessage()).includes(UNUSUAL_TEXT),
      );
    },
  },
  {
    name: "carries a long prompt and its long answer",
    async run({ client, target: { model } }) {
      const content = `${"All work and no play. ".repeat(5000)}The end`;
      const stream = client.messages.stream({ max_tokens: 60_000, model, messages: ask(content) });
      assert.ok((await stream.finalText()).endsWith(content));
    },
  },
  {
    name: "reads system prompts and earlier turns",
    async run({ client, target: { model } }) {
      const message = await client.messages.create({
        ...shared,
        model,
        system: [
          { type: "text", text: "You are terse." },
          { type: "text", text: "Never shout." },
        ],
        messages: [
          { role: "user", content: "First question" },
          { role: "assistant", content: [{ type: "text", text: "First answer" }] },
          {
            role: "user",
            content: [
              { type: "text", text: "Second" },
              { type: "text", text: "question" },
            ],
          },
        ],
        metadata: { user_id: "someone" },
      });
      assert.match(textOf(message), /Second\s*question/);
    },
  },
  {
    name: "ends where the tokens end",
    async run({ client, target: { model } }) {
      const message = await client.messages.create({
        model,
        max_tokens: 5,
        messages: ask("one two three four five six seven eight nine ten"),
      });
      assert.equal(message.stop_reason, "max_tokens");
      assert.ok(message.usage.output_tokens <= 5);
    },
  },
  {
    name: "stops before a stop sequence",
    needs: ["stop-sequences"],
    async run({ client, target: { model } }) {
      const message = await client.messages.create({
        ...shared,
        model,
        messages: ask("alpha beta gamma"),
        stop_sequences: ["gamma", "delta"],
      });
      assert.equal(message.stop_reason, "stop_sequence");
      assert.equal(message.stop_sequence, "gamma");
      assert.doesNotMatch(textOf(message), /gamma/);
    },
  },
  {
    name: "sees images",
    needs: ["images"],
    async run({ client, target: { model } }) {
      const source = { type: "base64" as const, media_type: "image/png" as const, data: PIXEL };
      const message = await client.messages.create({
        ...shared,
        model,
        messages: [
          {
            role: "user",
            content: [
              { type: "image", source },
              { type: "text", text: "What is this?" },
            ],
          },
        ],
      });
      assert.match(textOf(message), /1 image/);
    },
  },
  {
    name: "cites documents, whole and streamed",
    needs: ["citations"],
    async run({ client, target: { model } }) {
      const data = "Water boils at 100 degrees.";
      const request = {
        ...shared,
        model,
        messages: [
          {
            role: "user" as const,
            content: [
              {
                type: "document" as const,
                source: { type: "text" as const, media_type: "text/plain" as const, data },
                title: "Water",
                citations: { enabled: true },
              },
              { type: "text" as const, text: "When does water boil?" },
            ],
          },
        ],
      };
      const whole = await client.messages.create(request);
      const streamed = await client.messages.stream(request).finalMessage();
      for (const { content } of [whole, streamed]) {
        const [citation] = content.flatMap((block) =>
          block.type === "text" ? (block.citations ?? []) : [],
        );
        assert.ok(citation, "a citation");
        assert.equal(citation.cited_text, data);
      }
    },
  },
  {
    name: "writes a marked prompt to the cache, and reads it from there",
    needs: ["prompt-caching"],
    async run({ client, target: { model } }) {
      // A prompt that no earlier run has cached.
      const text = `${Date.now()} ${"A long and boring manual. ".repeat(200)}`;
      const request = {
        ...shared,
        model,
        system: [{ type: "text" as const, text, cache_control: { type: "ephemeral" as const } }],
        messages: ask("In short?"),
      };
      const first = await client.messages.create(request);
      const second = await client.messages.create(request);
      assert.ok((first.usage.cache_creation_input_tokens ?? 0) > 1000);
      assert.equal(first.usage.cache_read_input_tokens ?? 0, 0);
      assert.equal(second.usage.cache_read_input_tokens, first.usage.cache_creation_input_tokens);
      assert.equal(second.usage.input_tokens, first.usage.input_tokens);
    },
  },
  {
    name: "answers in the shape of a schema",
    needs: ["structured-output"],
    async run({ client, target: { model } }) {
      const message = await client.messages.create({
        ...shared,
        model,
        messages: ask("Ada"),
        output_config: { format: { type: "json_schema", schema: PERSON_SCHEMA } },
      });
      const person = JSON.parse(textOf(message));
      assertSame(Object.keys(person).sort(), ["age", "name", "tags"]);
      assert.equal(person.name, "Ada");
    },
  },
  {
    name: "tells a refusal",
    needs: ["refusals"],
    async run({ client, target: { model } }) {
      const message = await client.messages.create({
        ...shared,
        model,
        messages: ask("refuse this"),
      });
      assert.equal(message.stop_reason, "refusal");
    },
  },
  {
    name: "counts tokens as it does when it answers",
    needs: ["count-tokens"],
    async run({ client, target: { model } }) {
      const request = { model, system: "You are terse.", messages: ask("How long is this?") };
      const { input_tokens } = await client.messages.countTokens(request);
      const { usage } = await client.messages.create({ ...shared, ...request });
      assert.equal(input_tokens, usage.input_tokens);
    },
  },
  {
    name: "can be left in the midst of a stream",
    async run({ client, target: { model } }) {
      const stream = await client.messages.create({
        max_tokens: 10_000,
        model,
        messages: ask("word ".repeat(2000)),
        stream: true,
      });
      for await (const _ of stream) break;
      const next = await client.messages.create({
        ...shared,
        model,
        messages: ask("Still there?"),
      });
      assert.match(textOf(next), /Still there/);
    },
  },
];
