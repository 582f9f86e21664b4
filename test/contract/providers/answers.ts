import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parse, parseDocument } from "yaml";
import type { Usage } from "../../../runtime/lib/usage.ts";
import type { WireEvent } from "./cases.ts";
import type { Asked } from "./questions.ts";

/**
 * What an answer can have, as cases beside the provider whose API says it:
 * `runtime/providers/<name>/testdata/answers/<item>.yaml`, the same content whole and streamed, and what
 * each endpoint's clients get of it. `none.yaml` says of the other items why the vendor has them not.
 */
export const ITEMS = [
  "tools",
  "thinking",
  "redacted-thinking",
  "refusal",
  "blocked",
  "citations",
  "logprobs",
  "candidates",
  "length",
  "usage",
] as const;
export type Item = (typeof ITEMS)[number];

export interface AnswerCase {
  /** The page of the vendor's reference that the case is written from. */
  source: string;
  asked?: Asked;
  whole: unknown;
  stream: WireEvent[];
  /** By endpoint: the whole answer as its clients get it. */
  clients: Record<string, unknown>;
  usage?: Usage;
}

/** Providers that speak the words of another. */
export const WORDS_OF: Readonly<Record<string, string>> = {
  OpenAI: "openai",
  AzureOpenAI: "openai",
  Anthropic: "anthropic",
  AWSAnthropic: "anthropic",
  GCPAnthropic: "anthropic",
  AWSBedrock: "bedrock",
  GCPVertexAI: "vertex",
  Cohere: "cohere",
};

const folderOf = (words: string): string =>
  join(__dirname, "../../../runtime/providers", words, "testdata/answers");

export const loadAnswer = (words: string, item: Item): AnswerCase | undefined => {
  const file = join(folderOf(words), `${item}.yaml`);
  return existsSync(file) ? (parse(readFileSync(file, "utf8")) as AnswerCase) : undefined;
};

/** Why the vendor has no such item in its answers. */
export const whyNone = (words: string): Partial<Record<Item, string>> => {
  const file = join(folderOf(words), "none.yaml");
  return existsSync(file)
    ? (parse(readFileSync(file, "utf8")) as Partial<Record<Item, string>>)
    : {};
};

export const answerFiles = (words: string): string[] =>
  existsSync(folderOf(words)) ? readdirSync(folderOf(words)) : [];

/** Writes what came out in place of what was expected. */
export function saveAnswer(
  words: string,
  item: Item,
  path: readonly string[],
  value: unknown,
): void {
  const file = join(folderOf(words), `${item}.yaml`);
  const document = parseDocument(readFileSync(file, "utf8"));
  const clients = document.get("clients");
  // A line for each: an event, a client's answer.
  if (isMap(clients)) clients.flow = false;
  document.setIn(path, document.createNode(value, { flow: true }));
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}
