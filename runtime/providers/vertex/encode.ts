import type { Conversation } from "../../conversation/conversation.ts";
import { refuseNeededFields } from "../../conversation/needed-fields.ts";
import { present } from "../../lib/present.ts";
import type {
  GenerateContentRequest,
  GenerationConfig,
  ThinkingConfig,
} from "../../schemas/gemini/request.ts";
import { encodeContents } from "./contents.ts";
import { type ModelTraits, modelTraits } from "./models.ts";
import { vertexSchema } from "./schema.ts";
import { encodeTools } from "./tools.ts";

/** Google's own fields that a client of another protocol may put into its body, under either name. */
const GOOGLE_FIELDS: Readonly<Record<string, string>> = {
  safetySettings: "safetySettings",
  safety_settings: "safetySettings",
  cachedContent: "cachedContent",
  cached_content: "cachedContent",
  labels: "labels",
};
const TAKEN_VENDOR_FIELDS = new Set([
  ...Object.keys(GOOGLE_FIELDS),
  "generationConfig",
  "tools",
  "web_search_options",
]);

const MAX_STOP_SEQUENCES = 5;
/** Tokens to think with, as Google's own endpoint for OpenAI's clients has them. */
const BUDGETS = {
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};
const LEVELS = {
  minimal: "LOW",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  xhigh: "HIGH",
  max: "HIGH",
} as const;

export interface EncodedContent {
  body: GenerateContentRequest;
  /** What of the conversation cannot be told. */
  dropped: string[];
}

/** @throws {UserError} 422 where Gemini cannot express what the request means */
export function encodeGenerateContent(conversation: Conversation): EncodedContent {
  refuseNeededFields(conversation);
  const traits = modelTraits(conversation.model);
  const dropped = new Set<string>();
  const system = conversation.system.filter(({ text }) => text !== "");
  if (system.some(({ cache }) => cache !== undefined)) dropped.add("cache_control");
  const generationConfig = encodeConfig(conversation, traits, dropped);
  const body: GenerateContentRequest = {
    contents: encodeContents(conversation, traits, dropped),
    ...(system.length === 0
      ? {}
      : { systemInstruction: { parts: system.map(({ text }) => ({ text })) } }),
    ...encodeTools(conversation, dropped),
    ...(Object.keys(generationConfig).length === 0 ? {} : { generationConfig }),
    ...googleFields(conversation),
  };
  noteDropped(conversation, dropped);
  return { body, dropped: [...dropped] };
}

function encodeConfig(
  conversation: Conversation,
  traits: ModelTraits,
  dropped: Set<string>,
): GenerationConfig {
  const stop = conversation.stop?.filter((text) => text !== "") ?? [];
  if (stop.length > MAX_STOP_SEQUENCES) dropped.add("stop: more than five");
  const own = record(conversation.vendor.generationConfig);
  const { responseSchema, responseJsonSchema, ...format } = encodeFormat(
    conversation,
    traits,
    dropped,
  );
  // Google takes one schema of the two kinds.
  const schema =
    "responseSchema" in own || "responseJsonSchema" in own
      ? {}
      : present({ responseSchema, responseJsonSchema });
  return {
    ...present({
      temperature: conversation.temperature,
      topP: conversation.topP,
      topK: conversation.topK,
      candidateCount: conversation.candidates,
      maxOutputTokens: conversation.maxTokens,
      stopSequences: stop.length === 0 ? undefined : stop.slice(0, MAX_STOP_SEQUENCES),
      seed: conversation.seed,
      presencePenalty: conversation.presencePenalty,
      frequencyPenalty: conversation.frequencyPenalty,
      responseLogprobs: conversation.logprobs === undefined ? undefined : (true as const),
      logprobs: conversation.logprobs?.top,
      thinkingConfig: encodeThinking(conversation, traits, dropped),
    }),
    ...format,
    ...schema,
    // What a client says in Google's own words is what it means.
    ...own,
  };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

function encodeFormat(
  { outputFormat }: Conversation,
  { readsJsonSchemas }: ModelTraits,
  dropped: Set<string>,
): Pick<GenerationConfig, "responseMimeType" | "responseSchema" | "responseJsonSchema"> {
  switch (outputFormat?.type) {
    case "json-object":
      return { responseMimeType: "application/json" };
    case "json-schema":
      return {
        responseMimeType: "application/json",
        ...(readsJsonSchemas
          ? { responseJsonSchema: outputFormat.schema }
          : { responseSchema: vertexSchema(outputFormat.schema, "response_format", dropped) }),
      };
    default:
      return {};
  }
}

function encodeThinking(
  { reasoning }: Conversation,
  { thinks, minBudget }: ModelTraits,
  dropped: Set<string>,
): ThinkingConfig | undefined {
  if (reasoning === undefined) return undefined;
  const { mode, budgetTokens } = reasoning;
  const effort = reasoning.effort === "none" ? undefined : reasoning.effort;
  const off = mode === "disabled" || reasoning.effort === "none";
  if (thinks === "never") {
    if (!off) dropped.add("reasoning");
    return undefined;
  }
  if (off) {
    // Gemini 3 always thinks, and so do some before it.
    if (thinks === "levels") return { thinkingLevel: "LOW" };
    return { thinkingBudget: minBudget };
  }
  if (budgetTokens !== undefined) {
    return { includeThoughts: true, thinkingBudget: Math.max(budgetTokens, minBudget) };
  }
  if (effort === undefined) {
    return { includeThoughts: true, ...(thinks === "budget" ? { thinkingBudget: -1 } : {}) };
  }
  return thinks === "levels"
    ? { includeThoughts: true, thinkingLevel: LEVELS[effort] }
    : { includeThoughts: true, thinkingBudget: BUDGETS[effort] };
}

const googleFields = ({ vendor }: Conversation): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(GOOGLE_FIELDS).flatMap(([name, wireName]) =>
      vendor[name] === undefined || vendor[name] === null ? [] : [[wireName, vendor[name]]],
    ),
  );

function noteDropped(conversation: Conversation, dropped: Set<string>): void {
  const { serviceTier } = conversation;
  const tiered = serviceTier !== undefined && !["auto", "default"].includes(serviceTier);
  const withoutForm: Record<string, unknown> = {
    metadata: conversation.metadata,
    user: conversation.userId,
    service_tier: tiered ? serviceTier : undefined,
  };
  for (const [field, value] of Object.entries(withoutForm)) {
    if (value !== undefined) dropped.add(field);
  }
  for (const field of Object.keys(conversation.vendor)) {
    if (!TAKEN_VENDOR_FIELDS.has(field)) dropped.add(field);
  }
}
