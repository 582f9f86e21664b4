import assert from "node:assert/strict";
import type { ChatCompletionMessageParam } from "openai/resources";
import type { Draft } from "../scenario.ts";
import { ask, collect, type OpenAiContext } from "./context.ts";
import { assertRefused } from "./errors.ts";

/** What goes wrong arrives as the error class that the client has for it. */
export const failures: Draft<OpenAiContext>[] = [
  {
    name: "refuses a request without messages",
    async run({ client, target: { model } }) {
      await assertRefused(client.chat.completions.create({ model, messages: [] }), [400, 422]);
    },
  },
  {
    name: "refuses a field of a wrong type",
    async run({ client, target: { model } }) {
      const messages = [{ role: "user", content: 7 }] as unknown as ChatCompletionMessageParam[];
      await assertRefused(client.chat.completions.create({ model, messages }), [400, 422]);
    },
  },
  {
    name: "refuses a request to stream in the same way",
    async run({ client, target: { model } }) {
      await assertRefused(
        client.chat.completions.create({ model, messages: [], stream: true }),
        [400, 422],
      );
    },
  },
  {
    name: "knows no such model",
    async run({ client }) {
      await assertRefused(
        client.chat.completions.create({ model: "no-such-model", messages: ask("Hi") }),
        [404],
      );
    },
  },
  {
    name: "lets no wrong key in",
    needs: ["client-keys"],
    async run({ client, target: { model } }) {
      const stranger = client.withOptions({ apiKey: "sk-wrong" });
      await assertRefused(stranger.chat.completions.create({ model, messages: ask("Hi") }), [401]);
    },
  },
  {
    name: "passes a rate limit on, with the time to wait",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "status", status: 429, headers: { "retry-after": "7" } });
      const error = await assertRefused(
        client.chat.completions.create({ model, messages: ask("Hi") }),
        [429],
      );
      assert.equal(error.headers?.get("retry-after"), "7");
    },
  },
  {
    name: "passes a server's failure on",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "status", status: 500 });
      await assertRefused(
        client.chat.completions.create({ model, messages: ask("Hi") }),
        [500, 502, 503],
      );
    },
  },
  {
    name: "tells what went wrong in the midst of a stream",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "stream-error", afterEvents: 6 });
      const stream = await client.chat.completions.create({
        model,
        messages: ask("word ".repeat(50)),
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
      const stream = client.chat.completions.create({
        model,
        messages: ask("word ".repeat(500)),
        stream: true,
      });
      await assert.rejects(stream.then(collect));
    },
  },
  {
    name: "lists its models",
    needs: ["list-models"],
    async run({ client, target: { model } }) {
      const ids: string[] = [];
      for await (const { id, object } of client.models.list()) {
        assert.equal(object, "model");
        ids.push(id);
      }
      assert.ok(ids.includes(model), `${model} among ${ids.join(", ")}`);
    },
  },
];
