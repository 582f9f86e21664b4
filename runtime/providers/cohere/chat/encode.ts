import type { Conversation, Tool } from "../../../conversation/conversation.ts";
import { refuseNeededFields } from "../../../conversation/needed-fields.ts";
import { unsupported } from "../../../lib/errors.ts";
import { present } from "../../../lib/present.ts";
import type { CohereChatRequest, CohereTool } from "../../../schemas/cohere/request.ts";
import { encodeMessages } from "./messages.ts";
import { wireToolName } from "./names.ts";

/** Fields of Cohere's own that a client of another protocol may put into its body. */
const COHERE_FIELDS = ["documents", "citation_options", "safety_mode", "priority", "strict_tools"];
const TAKEN_VENDOR_FIELDS = new Set(COHERE_FIELDS);

const MAX_STOP_SEQUENCES = 5;
const MAX_K = 500;
const MIN_P = 0.01;
const MAX_P = 0.99;

/** Tokens to think with; more effort than these is no limit at all. */
const BUDGETS: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 8192 };

/** Models from before thinking refuse to be told of it. */
const UNTHINKING = /^(c4ai-|command($|-(r|light|nightly)|-a-(03|vision|translate)))/;

export interface EncodedChat {
  body: CohereChatRequest;
  /** What of the conversation cannot be told. */
  dropped: string[];
}

/** @throws {UserError} 422 where Cohere's chat cannot express what the request means */
export function encodeCohereChat(conversation: Conversation): EncodedChat {
  refuseNeededFields(conversation);
  if ((conversation.candidates ?? 1) > 1) {
    throw unsupported("Cohere gives one answer to a request: set n to 1", "n");
  }
  const dropped = new Set<string>();
  const { messages, documents } = encodeMessages(conversation, dropped);
  const body: CohereChatRequest = {
    model: conversation.model,
    messages,
    ...(conversation.stream ? { stream: true } : {}),
    ...encodeTools(conversation, dropped),
    ...encodeOptions(conversation, dropped),
    ...present({ thinking: encodeThinking(conversation, dropped) }),
    ...ownFields(conversation),
  };
  if (documents.length > 0) body.documents = [...documents, ...listed(body.documents)];
  noteDropped(conversation, dropped);
  return { body, dropped: [...dropped] };
}

function encodeOptions(
  conversation: Conversation,
  dropped: Set<string>,
): Partial<CohereChatRequest> {
  const { outputFormat, topK, topP, logprobs } = conversation;
  const stop = conversation.stop?.filter((text) => text !== "") ?? [];
  if (stop.length > MAX_STOP_SEQUENCES) dropped.add("stop: more than five");
  if (logprobs?.top !== undefined && logprobs.top > 0) dropped.add("top_logprobs");
  const penalty = (name: string, value: number | undefined): number | undefined => {
    if (value === undefined || (value >= 0 && value <= 1)) return value;
    dropped.add(value < 0 ? `${name}: below 0` : `${name}: above 1`);
    return value < 0 ? undefined : 1;
  };
  return present({
    max_tokens: conversation.maxTokens,
    temperature: conversation.temperature,
    // 1 and 0 are what clients write for all tokens and the best one; here they are out of bounds.
    p: topP === undefined ? undefined : Math.min(MAX_P, Math.max(MIN_P, topP)),
    k: topK === undefined ? undefined : Math.min(MAX_K, topK),
    seed: conversation.seed,
    frequency_penalty: penalty("frequency_penalty", conversation.frequencyPenalty),
    presence_penalty: penalty("presence_penalty", conversation.presencePenalty),
    stop_sequences: stop.length === 0 ? undefined : stop.slice(0, MAX_STOP_SEQUENCES),
    logprobs: logprobs === undefined ? undefined : true,
    response_format:
      outputFormat === undefined || outputFormat.type === "text"
        ? undefined
        : {
            type: "json_object" as const,
            ...(outputFormat.type === "json-schema" ? { json_schema: outputFormat.schema } : {}),
          },
  });
}

function encodeTools(
  { tools, toolChoice, parallelToolCalls }: Conversation,
  dropped: Set<string>,
): Partial<CohereChatRequest> {
  if (tools.length === 0) return {};
  if (parallelToolCalls === false) dropped.add("parallel_tool_calls");
  // Cohere can be made to call, not to call a certain tool: it is shown that one alone.
  const shown =
    toolChoice?.type === "tool" ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  const strict = tools.some((tool) => tool.strict === true);
  const enforceable = shown.every(requiresSomething);
  if (strict && !enforceable) dropped.add("tools: strict");
  return {
    tools: shown.map((tool) => encodeTool(tool, dropped)),
    ...(strict && enforceable ? { strict_tools: true } : {}),
    ...(toolChoice?.type === "none" ? { tool_choice: "NONE" } : {}),
    ...(toolChoice?.type === "any" || toolChoice?.type === "tool"
      ? { tool_choice: "REQUIRED" }
      : {}),
  };
}

/** Cohere refuses to be strict about a tool of which no parameter is required. */
const requiresSomething = ({ inputSchema: { required } }: Tool): boolean =>
  Array.isArray(required) && required.length > 0;

function encodeTool(
  { name, description, inputSchema, cache }: Tool,
  dropped: Set<string>,
): CohereTool {
  if (cache !== undefined) dropped.add("cache_control");
  return {
    type: "function",
    function: { name: wireToolName(name), ...present({ description }), parameters: inputSchema },
  };
}

function encodeThinking(
  { model, reasoning }: Conversation,
  dropped: Set<string>,
): CohereChatRequest["thinking"] {
  if (reasoning === undefined) return undefined;
  const { mode, effort, budgetTokens } = reasoning;
  const off = mode === "disabled" || effort === "none";
  if (UNTHINKING.test(model)) {
    if (!off) dropped.add("reasoning");
    return undefined;
  }
  if (off) return { type: "disabled" };
  const budget = budgetTokens ?? (effort === undefined ? undefined : BUDGETS[effort]);
  return { type: "enabled", ...present({ token_budget: budget }) };
}

const ownFields = ({ vendor }: Conversation): Record<string, unknown> =>
  Object.fromEntries(
    COHERE_FIELDS.flatMap((field) => (vendor[field] === undefined ? [] : [[field, vendor[field]]])),
  );

const listed = (documents: unknown): NonNullable<CohereChatRequest["documents"]> =>
  Array.isArray(documents) ? documents : [];

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
