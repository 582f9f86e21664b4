import { unsupported } from "../../lib/errors.ts";
import type { Cacheable, MessagesRequest, OutputConfig } from "../../schemas/anthropic/request.ts";
import type { Conversation } from "../conversation.ts";
import { withoutGoogleThinking } from "../signatures.ts";
import { encodeMessages, encodeSystem } from "./messages.ts";
import { type ModelTraits, modelTraits } from "./models.ts";
import { checkPlatform, type Platform } from "./platform.ts";
import { type EncodedReasoning, encodeReasoning } from "./reasoning.ts";
import { enforceableSchema } from "./schema.ts";
import { encodeToolChoice, encodeTools } from "./tools.ts";

/** Fields that are taken in another form. */
const TAKEN_VENDOR_FIELDS = new Set([
  "anthropic_beta",
  "thinking.display",
  "tools",
  "web_search_options",
]);

const MAX_BREAKPOINTS = 4;
const MAX_USER_ID_LENGTH = 256;
/** Room for an answer beside a budget for thinking that is larger than what is known of the model. */
const MIN_ANSWER_TOKENS = 4096;
/** The smallest top_p that Claude takes beside thinking. */
const MIN_THINKING_TOP_P = 0.95;

export interface EncodedMessages {
  body: MessagesRequest;
  /** Names of beta features: a header with Anthropic, a field of the body elsewhere. */
  betas: string[];
  /** What of the conversation cannot be told. */
  dropped: string[];
}

/** @throws {UserError} 422 where Messages, or this platform, cannot express what the request means */
export function encodeMessagesRequest(given: Conversation, platform: Platform): EncodedMessages {
  const dropped = new Set<string>();
  const conversation = withoutGoogleThinking(given, dropped);
  if ((conversation.candidates ?? 1) > 1) {
    throw unsupported("Anthropic gives one answer to a request: set n to 1", "n");
  }
  checkPlatform(conversation, platform);
  const traits = modelTraits(conversation.model);
  const reasoning = encodeReasoning(conversation, traits, dropped);
  const system = encodeSystem(conversation.system);
  const tools = encodeTools(conversation, traits, platform, dropped);
  const outputConfig = encodeOutputConfig(conversation, reasoning, dropped);
  // Anthropic refuses what is nothing but white space.
  const stopSequences = conversation.stop?.filter((text) => text.trim() !== "") ?? [];
  if (conversation.stop?.some((text) => text !== "" && text.trim() === "")) {
    dropped.add("stop: white space");
  }
  const messages = encodeMessages(conversation, dropped);

  const body: MessagesRequest = {
    model: conversation.model,
    max_tokens: maxTokens(conversation, traits, reasoning),
    messages,
    ...(conversation.stream ? { stream: true } : {}),
    ...(system.length === 0 ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools, ...encodeToolChoice(conversation) }),
    ...(reasoning.thinking === undefined ? {} : { thinking: reasoning.thinking }),
    ...(outputConfig === undefined ? {} : { output_config: outputConfig }),
    ...(stopSequences.length === 0 ? {} : { stop_sequences: stopSequences }),
    ...encodeSampling(conversation, traits, reasoning, dropped),
    ...encodeUser(conversation, dropped),
    ...encodeServiceTier(conversation, platform, dropped),
    ...vendorFields(conversation, platform),
  };
  limitBreakpoints(body, dropped);
  noteDropped(conversation, platform, dropped);
  return { body, betas: betasOf(conversation), dropped: [...dropped] };
}

/** Anthropic needs a limit. Without the client's, it is what the model can give beside its thinking. */
function maxTokens(
  { maxTokens: wanted }: Conversation,
  traits: ModelTraits,
  { thinking }: EncodedReasoning,
): number {
  if (wanted !== undefined) return wanted;
  const budget = thinking?.type === "enabled" ? thinking.budget_tokens : 0;
  return traits.maxTokens > budget ? traits.maxTokens : budget + MIN_ANSWER_TOKENS;
}

function encodeOutputConfig(
  { outputFormat }: Conversation,
  { effort }: EncodedReasoning,
  dropped: Set<string>,
): OutputConfig | undefined {
  // A prompt that asks for a JSON object says so in words too: that is OpenAI's rule for the mode.
  if (outputFormat?.type === "json-object") dropped.add("response_format");
  const schema = outputFormat?.type === "json-schema" ? outputFormat.schema : undefined;
  if (schema === undefined && effort === undefined) return undefined;
  return {
    ...(effort === undefined ? {} : { effort }),
    ...(schema === undefined
      ? {}
      : { format: { type: "json_schema", schema: enforceableSchema(schema) } }),
  };
}

type Sampling = Pick<MessagesRequest, "temperature" | "top_p" | "top_k">;

/**
 * What the model takes of the sampling parameters: the newest none, those that think hardly any,
 * the others one of temperature and top_p.
 */
function encodeSampling(
  { temperature, topP, topK }: Conversation,
  traits: ModelTraits,
  { thinking }: EncodedReasoning,
  dropped: Set<string>,
): Sampling {
  const thinks = thinking !== undefined && thinking.type !== "disabled";
  const sampling: Sampling = {};
  const take = (name: keyof Sampling, value: number | undefined, fits: boolean): void => {
    if (value === undefined) return;
    if (fits && !traits.withoutSampling) sampling[name] = value;
    else dropped.add(name);
  };
  take("temperature", temperature, !thinks || temperature === 1);
  if (sampling.temperature !== undefined && !between(0, sampling.temperature, 1)) {
    throw unsupported("Anthropic takes a temperature from 0 to 1", "temperature");
  }
  const alone = sampling.temperature === undefined || !traits.oneSamplingParameter;
  take("top_p", topP, alone && (!thinks || (topP ?? 0) >= MIN_THINKING_TOP_P));
  take("top_k", topK, !thinks);
  return sampling;
}

const between = (low: number, value: number, high: number): boolean =>
  value >= low && value <= high;

function encodeUser(
  { userId }: Conversation,
  dropped: Set<string>,
): Pick<MessagesRequest, "metadata"> {
  if (userId === undefined || userId === "") return {};
  if (userId.length <= MAX_USER_ID_LENGTH) return { metadata: { user_id: userId } };
  dropped.add("user");
  return {};
}

function encodeServiceTier(
  { serviceTier }: Conversation,
  { tiers }: Platform,
  dropped: Set<string>,
): Pick<MessagesRequest, "service_tier"> {
  const tier = tiers ? serviceTier : withoutTier(serviceTier);
  switch (tier) {
    case undefined:
      return {};
    case "auto":
    case "standard_only":
      return { service_tier: tier };
    case "default":
      return { service_tier: "standard_only" };
    default:
      dropped.add("service_tier");
      return {};
  }
}

/** Where there is one tier only, asking for the usual one asks for nothing. */
const withoutTier = (tier: string | undefined): string | undefined =>
  tier === "auto" || tier === "default" || tier === "standard_only" ? undefined : tier;

const vendorFields = ({ vendor }: Conversation, { fields }: Platform): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap((field) =>
      vendor[field] === undefined || vendor[field] === null ? [] : [[field, vendor[field]]],
    ),
  );

function betasOf({ vendor }: Conversation): string[] {
  const { anthropic_beta: beta } = vendor;
  return (Array.isArray(beta) ? beta : [beta]).filter((name) => typeof name === "string");
}

/** Anthropic refuses more than four breakpoints; the last ones cover what the first would. */
function limitBreakpoints(body: MessagesRequest, dropped: Set<string>): void {
  const blocks: Cacheable[] = [
    ...(body.tools ?? []),
    ...(body.system ?? []),
    ...body.messages.flatMap(({ content }) => content.flatMap(withInner)),
  ];
  const marked = blocks.filter((block) => block.cache_control !== undefined);
  const allowed = "cache_control" in body ? MAX_BREAKPOINTS - 1 : MAX_BREAKPOINTS;
  const surplus = marked.slice(0, Math.max(0, marked.length - allowed));
  for (const block of surplus) delete block.cache_control;
  if (surplus.length > 0) dropped.add("cache_control: more than four");
}

/** Blocks can be in the results of tools and in documents as well. */
function withInner(block: MessagesRequest["messages"][number]["content"][number]): Cacheable[] {
  const inner =
    block.type === "tool_result"
      ? (block.content ?? [])
      : block.type === "document" && block.source.type === "content"
        ? block.source.content
        : [];
  return [...inner.flatMap(withInner), block as Cacheable];
}

function noteDropped(conversation: Conversation, { fields }: Platform, dropped: Set<string>): void {
  const withoutForm: Record<string, unknown> = {
    seed: conversation.seed,
    frequency_penalty: conversation.frequencyPenalty,
    presence_penalty: conversation.presencePenalty,
    logprobs: conversation.logprobs,
    top_logprobs: conversation.logprobs?.top,
    metadata: conversation.metadata,
  };
  for (const [field, value] of Object.entries(withoutForm)) {
    if (value !== undefined) dropped.add(field);
  }
  for (const field of Object.keys(conversation.vendor)) {
    if (!TAKEN_VENDOR_FIELDS.has(field) && !fields.includes(field)) dropped.add(field);
  }
}
