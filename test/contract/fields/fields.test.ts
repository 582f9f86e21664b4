/**
 * No field vanishes: what a client sends is in the provider's request, or is told of as dropped, or
 * refused, or about the answer, which the gateway writes. The lists of fields are held to the types
 * of the vendors' own clients, so that a new version of one brings its new fields here.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { endpoints } from "../../../runtime/endpoints/registry.ts";
import { fieldRows } from "./probe.ts";
import { allSamples } from "./samples.ts";

test.each(fieldRows())("$endpoint: $field", ({ outcomes }) => {
  expect([...outcomes].filter(([, outcome]) => outcome === "vanished")).toEqual([]);
  expect(outcomes.size).toBeGreaterThan(0);
});

/** Names of an interface's members, in a file of declarations. */
function membersOf(file: string, name: string): string[] {
  const text = readFileSync(join("node_modules", file), "utf8");
  const start = text.indexOf(`interface ${name} {`);
  const body = text.slice(start, text.indexOf("\n}", start));
  const names = [...body.matchAll(/^ {4}(\w+)\??:/gm)].map((match) => match[1] ?? "");
  if (start < 0 || names.length < 5) throw new Error(`${file} has no interface ${name}`);
  return names;
}

/** Members of the clients' own, which never leave them. */
const OF_THE_CLIENT = ["httpOptions", "abortSignal", "automaticFunctionCalling"];

test.each([
  {
    endpoint: "chat-completions",
    members: membersOf(
      "openai/resources/chat/completions/completions.d.ts",
      "ChatCompletionCreateParamsBase",
    ),
    besides: ["messages", "model"],
  },
  {
    endpoint: "completions",
    members: membersOf("openai/resources/completions.d.ts", "CompletionCreateParamsBase"),
    besides: ["prompt", "model"],
  },
  {
    endpoint: "responses",
    members: membersOf("openai/resources/responses/responses.d.ts", "ResponseCreateParamsBase"),
    besides: ["input", "model"],
  },
  {
    endpoint: "messages",
    members: membersOf(
      "@anthropic-ai/sdk/resources/messages/messages.d.ts",
      "MessageCreateParamsBase",
    ),
    besides: ["messages", "model"],
  },
])("every field of $endpoint has a sample", ({ endpoint, members, besides }) => {
  const own = allSamples.find((samples) => samples.endpoint === endpoint)?.samples ?? [];
  const sampled = new Set(own.flatMap(({ set }) => Object.keys(set)));
  expect(members.filter((name) => !sampled.has(name) && !besides.includes(name))).toEqual([]);
});

test("every member of Gemini's generation config has a sample", () => {
  const own = allSamples.find(({ endpoint }) => endpoint === "generate-content")?.samples ?? [];
  const sampled = new Set(
    own.flatMap(({ set }) => [...Object.keys(set), ...Object.keys(Object(set.generationConfig))]),
  );
  const members = membersOf("@google/genai/dist/genai.d.ts", "GenerateContentConfig");
  expect(members.filter((name) => !sampled.has(name) && !OF_THE_CLIENT.includes(name))).toEqual([]);
});

test("every field of Cohere's chat has a sample", () => {
  const own = allSamples.find(({ endpoint }) => endpoint === "cohere-chat")?.samples ?? [];
  const sampled = new Set(own.flatMap(({ set }) => Object.keys(set)));
  const members = membersOf(
    "cohere-ai/dist/api/resources/v2/client/requests/V2ChatRequest.d.ts",
    "V2ChatRequest",
  ).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  expect(members.filter((name) => !sampled.has(name) && name !== "model")).toEqual([]);
});

test("every endpoint that is translated has samples", () => {
  const sampled = new Set(allSamples.map(({ endpoint }) => endpoint));
  const translated = endpoints.filter(({ conversation, task }) => conversation ?? task);
  expect(translated.filter(({ id }) => !sampled.has(id)).map(({ id }) => id)).toEqual([]);
});
