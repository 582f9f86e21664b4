/**
 * What answers can have (calls in parallel, thinking, refusals, citations, likelihoods, alternatives,
 * counts), from every provider to the clients of every endpoint that converses, whole and streamed.
 */
import { endpoints } from "../../../runtime/endpoints/registry.ts";
import { providers } from "../../../runtime/providers/registry.ts";
import {
  type AnswerCase,
  answerFiles,
  ITEMS,
  type Item,
  loadAnswer,
  saveAnswer,
  WORDS_OF,
  whyNone,
} from "./answers.ts";
import { updating } from "./cases.ts";
import { endings } from "./endings.ts";
import { attempt, hear, type Pair, pairOf } from "./exchange.ts";
import { fold } from "./fold.ts";
import { questionFor } from "./questions.ts";
import { FAILURE, failingStream, framingOf } from "./scripts.ts";
import { frame, readSse } from "./wire.ts";

describe.each(providers.map((provider) => ({ provider, schema: provider.meta.schema })))(
  "$schema",
  ({ provider, schema }) => {
    const words = WORDS_OF[schema] ?? "";
    const none = whyNone(words);

    test("has a case of each item, or a reason why the vendor has none", () => {
      const told = ITEMS.filter((item) => none[item] !== undefined);
      const cases = answerFiles(words).map((file) => file.replace(/\.yaml$/, ""));
      expect([...cases.filter((name) => name !== "none"), ...told].sort()).toEqual(
        [...ITEMS].sort(),
      );
    });

    const pairs = endpoints
      .filter(({ conversation }) => conversation !== undefined)
      .flatMap((endpoint) => pairOf(endpoint, provider) ?? [])
      .filter(({ lane }) => lane.way.kind === "conversation");

    describe.each(pairs.map((pair) => ({ pair, id: pair.endpoint.id })))("$id", ({ pair, id }) => {
      const cases = ITEMS.flatMap((item) => {
        const content = loadAnswer(words, item);
        return content === undefined ? [] : [{ item, content }];
      });

      test.each(cases)("$item", ({ item, content }) => {
        const bytes = Buffer.from(JSON.stringify(content.whole));
        const { bytes: heard, pipe } = ask(pair, content, false, [bytes]);
        expect(pipe.result().error).toBeUndefined();
        const told: unknown = JSON.parse(heard.toString());
        golden(words, item, content, ["clients", id], essence(id, told));
        golden(words, item, content, ["usage"], pipe.result().usage);

        const events = frame(framingOf(schema), content.stream);
        const streamed = ask(pair, content, true, [events]);
        expect(streamed.pipe.result().error).toBeUndefined();
        expect(streamed.pipe.result().usage).toEqual(pipe.result().usage);
        expect(comparable(fold[id]?.(readSse(streamed.bytes)))).toEqual(comparable(told));
      });

      test("an error in the midst ends the stream in the client's shape", () => {
        const question = Buffer.from(JSON.stringify(questionFor(id, "the-model", true)));
        const { bytes, pipe } = hear(attempt(pair, question), [failingStream(schema)]);
        const events = readSse(bytes);
        expect(endings[id]?.(events)).toBe("error");
        expect(JSON.stringify(events.at(-1))).toContain(FAILURE);
        expect(pipe.result().served).toBe(true);
      });
    });
  },
);

function ask(pair: Pair, { asked }: AnswerCase, stream: boolean, pieces: readonly Buffer[]) {
  const question = questionFor(pair.endpoint.id, "the-model", stream, asked);
  const headers = stream ? { "content-type": "text/event-stream" } : {};
  return hear(attempt(pair, Buffer.from(JSON.stringify(question))), pieces, 200, headers);
}

function golden(
  words: string,
  item: Item,
  content: AnswerCase,
  path: readonly string[],
  actual: unknown,
): void {
  if (updating) {
    if (actual !== undefined) saveAnswer(words, item, path, actual);
    return;
  }
  const expected = path.reduce<unknown>((value, key) => Object(value)[key], content);
  expect(actual).toEqual(expected);
}

/** What differs from answer to answer; the rest is told by the cases of each pair. */
const ESSENTIAL: Readonly<Record<string, readonly string[]>> = {
  "chat-completions": ["choices", "usage"],
  completions: ["choices", "usage"],
  messages: ["content", "stop_reason", "stop_details", "usage"],
  responses: ["status", "incomplete_details", "output", "usage"],
  "generate-content": ["candidates", "promptFeedback", "usageMetadata"],
  "cohere-chat": ["message", "finish_reason", "usage", "logprobs"],
};

const essence = (id: string, answer: unknown): unknown =>
  Object.fromEntries(
    Object.entries(Object(answer)).filter(([name]) => ESSENTIAL[id]?.includes(name)),
  );

/** Without what says nothing: null, empty, and the refusals and texts that a stream begins with. */
const comparable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member: unknown) =>
      member === null || member === "" || (Array.isArray(member) && member.length === 0)
        ? undefined
        : member,
    ),
  );
