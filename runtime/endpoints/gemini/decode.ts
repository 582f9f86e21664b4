import type { Conversation, OutputFormat, Reasoning } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { ParsedRequest } from "../endpoint.ts";
import { Field, lostOf } from "../field.ts";
import { decodeContents, decodeSystem } from "./decode-contents.ts";
import { decodeTools } from "./decode-tools.ts";
import { jsonSchema } from "./json-schema.ts";
import { integer, member, otherMembers } from "./members.ts";
import type { GeminiBody } from "./parse.ts";

const KNOWN_FIELDS = new Set([
  "contents",
  "systemInstruction",
  "tools",
  "toolConfig",
  "generationConfig",
  "labels",
  "cachedContent",
  // Some clients repeat it here.
  "model",
]);

/** @throws {UserError} 422 naming the field that has a wrong type or value */
export const decodeGenerateContent = ({
  model,
  stream,
  body,
}: ParsedRequest<GeminiBody>): Conversation =>
  decodeContentRequest(new Field(body.json), model, stream);

/** The same, wherever in a body such a request stands. */
export function decodeContentRequest(root: Field, model: string, stream: boolean): Conversation {
  const cached = member(root, "cachedContent");
  if (!cached.absent) {
    throw unsupported(
      "cachedContent: the provider of this model does not have what Google has cached; send it with the request",
      cached.path,
    );
  }
  const given = member(root, "generationConfig");
  const config = given.absent ? new Field({}, given.path) : given;
  const { tools, toolChoice, otherTools } = decodeTools(root);
  const conversation = {
    model,
    stream,
    system: member(root, "systemInstruction").optional(decodeSystem) ?? [],
    turns: decodeContents(root.get("contents")),
    tools,
    ...present({ toolChoice }),
    ...decodeConfig(config),
    ...present({ metadata: root.get("labels").optional(labels) }),
    vendor: Object.fromEntries([
      ...otherMembers(root, KNOWN_FIELDS),
      ...(otherTools.length === 0 ? [] : [["tools", otherTools]]),
    ]),
  };
  return { ...conversation, ...lostOf(root.unread()) };
}

function decodeConfig(config: Field): Partial<Conversation> {
  const number = (name: string) => member(config, name).optional((field) => field.number());
  const count = (name: string, least: number) =>
    member(config, name).optional((field) => integer(field, least));
  refuseOtherModalities(config);
  const wantsLogprobs = member(config, "responseLogprobs").value === true;
  const topK = number("topK");
  return present({
    temperature: number("temperature"),
    topP: number("topP"),
    topK: topK === undefined ? undefined : Math.round(topK),
    candidates: count("candidateCount", 1),
    maxTokens: count("maxOutputTokens", 1),
    stop: member(config, "stopSequences").optional((field) =>
      field.items().map((item) => item.string()),
    ),
    seed: count("seed", Number.MIN_SAFE_INTEGER),
    presencePenalty: number("presencePenalty"),
    frequencyPenalty: number("frequencyPenalty"),
    logprobs: wantsLogprobs ? present({ top: count("logprobs", 0) }) : undefined,
    outputFormat: outputFormat(config),
    reasoning: member(config, "thinkingConfig").optional(reasoning),
  });
}

/** Answers of other providers are texts, and those are not what was asked for. */
function refuseOtherModalities(config: Field): void {
  const modalities = member(config, "responseModalities").optional((field) => field.items()) ?? [];
  const other = modalities.find((field) => field.string().toUpperCase() !== "TEXT");
  if (other === undefined) return;
  throw unsupported(`${other.path}: the provider of this model answers in text alone`, other.path);
}

function outputFormat(config: Field): OutputFormat | undefined {
  const type = member(config, "responseMimeType");
  const mime = type.optional((field) => field.string());
  const json = member(config, "responseJsonSchema").optional((field) => field.record());
  const own = member(config, "responseSchema").optional((field) => jsonSchema(field.record()));
  const schema = json ?? own;
  if (schema !== undefined && mime !== "text/plain") {
    return { type: "json-schema", name: "response", schema };
  }
  if (mime === undefined || mime === "text/plain") return undefined;
  if (mime === "application/json") return { type: "json-object" };
  throw unsupported(
    `${type.path}: the provider of this model answers in text/plain and application/json`,
    type.path,
  );
}

const LEVELS = ["THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH"] as const;
const EFFORTS = { MINIMAL: "minimal", LOW: "low", MEDIUM: "medium", HIGH: "high" } as const;

/** Budgets of 0 and -1 are none, and as many as the model likes. */
function reasoning(config: Field): Reasoning | undefined {
  const budget = member(config, "thinkingBudget").optional((field) => integer(field, -1));
  const level = member(config, "thinkingLevel").optional((field) =>
    field.oneOf([...LEVELS, ...LEVELS.map(lower)]),
  );
  // Whether thoughts are shown is for the answer.
  member(config, "includeThoughts");
  const effort = EFFORTS[level?.toUpperCase() as keyof typeof EFFORTS];
  if (budget === 0) return { mode: "disabled" };
  if (budget === -1) return { mode: "adaptive" };
  if (budget === undefined && effort === undefined) return undefined;
  return { mode: "enabled", ...present({ effort, budgetTokens: budget }) };
}

const lower = (text: string): string => text.toLowerCase();

function labels(field: Field): Record<string, string> {
  const names = Object.keys(field.record());
  return Object.fromEntries(names.map((name) => [name, field.get(name).string()]));
}
