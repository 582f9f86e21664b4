import assert from "node:assert/strict";
import Anthropic, { APIError } from "@anthropic-ai/sdk";
import type { MessageParam } from "@anthropic-ai/sdk/resources";
import type { Draft } from "../scenario.ts";
import { type AnthropicContext, ask, collect, MAX_TOKENS } from "./context.ts";

const shared = { max_tokens: MAX_TOKENS };

/** What goes wrong arrives as the error class that the client has for it. */
export const failures: Draft<AnthropicContext>[] = [
  {
    name: "refuses a request without messages",
    async run({ client, target: { model } }) {
      await assertRefused(client.messages.create({ ...shared, model, messages: [] }), [400, 422]);
    },
  },
  {
    name: "refuses a request without a limit",
    async run({ client, target: { model } }) {
      const unlimited = { model, messages: ask("Hi") } as Anthropic.MessageCreateParamsNonStreaming;
      await assertRefused(
        client.messages.create({ ...unlimited }, { timeout: 20_000 }),
        [400, 422],
      );
    },
  },
  {
    name: "refuses a field of a wrong type",
    async run({ client, target: { model } }) {
      const messages = [{ role: "user", content: 7 }] as unknown as MessageParam[];
      await assertRefused(client.messages.create({ ...shared, model, messages }), [400, 422]);
    },
  },
  {
    name: "refuses a request to stream in the same way",
    async run({ client, target: { model } }) {
      await assertRefused(
        client.messages.create({ ...shared, model, messages: [], stream: true }),
        [400, 422],
      );
    },
  },
  {
    name: "knows no such model",
    async run({ client }) {
      const request = { ...shared, model: "no-such-model", messages: ask("Hi") };
      await assertRefused(client.messages.create(request), [404]);
    },
  },
  {
    name: "lets no wrong key in",
    needs: ["client-keys"],
    async run({ client, target: { model } }) {
      const stranger = client.withOptions({ apiKey: "sk-ant-wrong" });
      const request = { ...shared, model, messages: ask("Hi") };
      await assertRefused(stranger.messages.create(request), [401]);
    },
  },
  {
    name: "passes a rate limit on, with the time to wait",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "status", status: 429, headers: { "retry-after": "7" } });
      const request = { ...shared, model, messages: ask("Hi") };
      const error = await assertRefused(client.messages.create(request), [429]);
      assert.equal(error.headers?.get("retry-after"), "7");
    },
  },
  {
    name: "passes a server's failure on",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "status", status: 500 });
      const request = { ...shared, model, messages: ask("Hi") };
      await assertRefused(client.messages.create(request), [500, 502, 503]);
    },
  },
  {
    name: "tells what went wrong in the midst of a stream",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "stream-error", afterEvents: 6 });
      const messages = ask("word ".repeat(50));
      const stream = await client.messages.create({ ...shared, model, messages, stream: true });
      await assert.rejects(collect(stream), /told to fail/);
    },
  },
  {
    name: "never passes off a broken stream as a whole one",
    fails: true,
    async run({ client, target: { model, fail } }) {
      fail?.({ kind: "reset", afterBytes: 900 });
      const request = {
        ...shared,
        model,
        messages: ask("word ".repeat(500)),
        stream: true as const,
      };
      await assert.rejects(client.messages.create(request).then(collect));
    },
  },
  {
    name: "lists its models",
    needs: ["list-models"],
    async run({ client, target: { model } }) {
      const ids: string[] = [];
      for await (const { id, type } of client.models.list()) {
        assert.equal(type, "model");
        ids.push(id);
      }
      assert.ok(ids.includes(model), `${model} among ${ids.join(", ")}`);
    },
  },
];

const CLASSES: Record<number, abstract new (...args: never) => APIError> = {
  400: Anthropic.BadRequestError,
  401: Anthropic.AuthenticationError,
  404: Anthropic.NotFoundError,
  422: Anthropic.UnprocessableEntityError,
  429: Anthropic.RateLimitError,
  500: Anthropic.InternalServerError,
  502: Anthropic.InternalServerError,
  503: Anthropic.InternalServerError,
};

/** The call fails with one of the statuses, the class for it, and a message in Anthropic's shape. */
async function assertRefused(call: Promise<unknown>, statuses: number[]): Promise<APIError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof APIError, `an API error, not ${error ?? "an answer"}`);
  const { status = 0 } = error;
  assert.ok(
    statuses.includes(status),
    `status ${statuses.join(" or ")}, not ${status}: ${error.message}`,
  );
  assert.ok(CLASSES[status] && error instanceof CLASSES[status]);
  const body = error.error as { type?: unknown; error?: { type?: unknown; message?: unknown } };
  assert.equal(body.type, "error");
  assert.ok(typeof body.error?.message === "string" && body.error.message !== "", "a message");
  assert.match(String(body.error.type), /_error$/);
  return error;
}
