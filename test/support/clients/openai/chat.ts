import assert from "node:assert/strict";
import { assertSame, type Draft, PIXEL, UNUSUAL_TEXT } from "../scenario.ts";
import {
  ask,
  assertComplete,
  assertUsage,
  collect,
  finishReasons,
  type OpenAiContext,
  onlyChoice,
  textOf,
} from "./context.ts";

/** Conversation in words and pictures, whole and streamed. */
export const chat: Draft<OpenAiContext>[] = [
  {
    name: "answers, with everything that an answer has",
    async run({ client, target: { model } }) {
      const completion = await client.chat.completions.create({
        model,
        messages: ask("Hello there"),
      });
      assertComplete(completion);
      const { message, finish_reason, index } = onlyChoice(completion);
      assert.equal(index, 0);
      assert.equal(finish_reason, "stop");
      assert.equal(message.role, "assistant");
      assert.match(message.content ?? "", /Hello there/);
    },
  },
  {
    name: "streams the same answer, without usage that was not asked for",
    async run({ client, target: { model } }) {
      const messages = ask("Stream this please");
      const whole = await client.chat.completions.create({ model, messages });
      const chunks = await collect(
        await client.chat.completions.create({ model, messages, stream: true }),
      );
      assert.equal(textOf(chunks), onlyChoice(whole).message.content);
      assert.equal(chunks[0]?.choices[0]?.delta.role, "assistant");
      assertSame(finishReasons(chunks), ["stop"]);
      assert.equal(new Set(chunks.map(({ id }) => id)).size, 1, "one id");
      assert.ok(chunks.every(({ object }) => object === "chat.completion.chunk"));
      assert.ok(
        chunks.every(({ usage }) => usage == null),
        "no usage",
      );
      assert.ok(
        chunks.every(({ choices }) => choices.length > 0),
        "no chunk without a choice",
      );
    },
  },
  {
    name: "streams usage in the last chunk where it is asked for",
    async run({ client, target: { model } }) {
      const messages = ask("Count this please");
      const whole = await client.chat.completions.create({ model, messages });
      const chunks = await collect(
        await client.chat.completions.create({
          model,
          messages,
          stream: true,
          stream_options: { include_usage: true },
        }),
      );
      const last = chunks.at(-1);
      assertSame(last?.choices, []);
      assertUsage(last?.usage);
      assert.equal(last?.usage?.total_tokens, whole.usage?.total_tokens);
      assert.ok(
        chunks.slice(0, -1).every(({ usage }) => usage == null),
        "usage comes once",
      );
    },
  },
  {
    name: "is put together by the client's own stream helper",
    async run({ client, target: { model } }) {
      const runner = client.chat.completions.stream({ model, messages: ask("Help me with this") });
      let words = "";
      runner.on("content", (delta) => {
        words += delta;
      });
      const { message, finish_reason } = onlyChoice(await runner.finalChatCompletion());
      assert.equal(finish_reason, "stop");
      assert.equal(message.content, words);
    },
  },
  {
    name: "carries unusual characters unharmed, whole and streamed",
    async run({ client, target: { model } }) {
      const messages = ask(UNUSUAL_TEXT);
      const whole = await client.chat.completions.create({ model, messages });
      assert.ok(onlyChoice(whole).message.content?.includes(UNUSUAL_TEXT));
      const stream = await client.chat.completions.create({ model, messages, stream: true });
      assert.ok(textOf(await collect(stream)).includes(UNUSUAL_TEXT));
    },
  },
  {
    name: "carries a long prompt and its long answer",
    async run({ client, target: { model } }) {
      const content = `${"All work and no play. ".repeat(5000)}The end`;
      const stream = await client.chat.completions.create({
        model,
        messages: ask(content),
        stream: true,
      });
      assert.ok(textOf(await collect(stream)).endsWith(content));
    },
  },
  {
    name: "reads system, developer and earlier turns",
    async run({ client, target: { model } }) {
      const completion = await client.chat.completions.create({
        model,
        messages: [
          { role: "system", content: "You are terse." },
          { role: "developer", content: [{ type: "text", text: "Never shout." }] },
          { role: "user", content: "First question" },
          { role: "assistant", content: "First answer" },
          {
            role: "user",
            content: [
              { type: "text", text: "Second" },
              { type: "text", text: "question" },
            ],
          },
        ],
        max_completion_tokens: 200,
      });
      assert.match(onlyChoice(completion).message.content ?? "", /Second\s*question/);
    },
  },
  {
    name: "ends where the tokens end",
    async run({ client, target: { model } }) {
      const completion = await client.chat.completions.create({
        model,
        messages: ask("one two three four five six seven eight nine ten"),
        max_completion_tokens: 5,
      });
      assert.equal(onlyChoice(completion).finish_reason, "length");
      assert.ok((completion.usage?.completion_tokens ?? 0) <= 5);
    },
  },
  {
    name: "stops before a stop sequence",
    needs: ["stop-sequences"],
    async run({ client, target: { model } }) {
      const request = { model, messages: ask("alpha beta gamma"), stop: ["gamma", "delta"] };
      const { message, finish_reason } = onlyChoice(await client.chat.completions.create(request));
      assert.equal(finish_reason, "stop");
      assert.match(message.content ?? "", /beta/);
      assert.doesNotMatch(message.content ?? "", /gamma/);
      const single = onlyChoice(
        await client.chat.completions.create({ ...request, stop: "gamma" }),
      );
      assert.equal(single.message.content, message.content);
    },
  },
  {
    name: "sees images",
    needs: ["images"],
    async run({ client, target: { model } }) {
      const completion = await client.chat.completions.create({
        model,
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "What is this?" },
              { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
            ],
          },
        ],
      });
      assert.match(onlyChoice(completion).message.content ?? "", /1 image/);
    },
  },
  {
    name: "gives several answers",
    needs: ["candidates"],
    async run({ client, target: { model } }) {
      const { choices } = await client.chat.completions.create({
        model,
        messages: ask("Twice"),
        n: 2,
      });
      assertSame(
        choices.map(({ index }) => index),
        [0, 1],
      );
    },
  },
  {
    name: "gives log probabilities",
    needs: ["logprobs"],
    async run({ client, target: { model } }) {
      const completion = await client.chat.completions.create({
        model,
        messages: ask("Sure?"),
        logprobs: true,
        top_logprobs: 2,
      });
      const content = onlyChoice(completion).logprobs?.content ?? [];
      assert.ok(content.length > 0);
      assert.equal(content[0]?.top_logprobs.length, 2);
    },
  },
  {
    name: "tells a refusal",
    needs: ["refusals"],
    async run({ client, target: { model } }) {
      const { message } = onlyChoice(
        await client.chat.completions.create({ model, messages: ask("refuse this") }),
      );
      assert.match(message.refusal ?? "", /cannot help/);
    },
  },
  {
    name: "can be left in the midst of a stream",
    async run({ client, target: { model } }) {
      const messages = ask("word ".repeat(2000));
      const stream = await client.chat.completions.create({ model, messages, stream: true });
      for await (const _ of stream) break;
      const next = await client.chat.completions.create({ model, messages: ask("Still there?") });
      assert.match(onlyChoice(next).message.content ?? "", /Still there/);
    },
  },
];
