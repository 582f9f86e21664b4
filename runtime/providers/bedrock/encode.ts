import type { ProviderRequest } from "../../conversation/codec.ts";
import type { Conversation } from "../../conversation/conversation.ts";
import { withoutGoogleThinking } from "../../conversation/signatures.ts";
import { unsupported } from "../../lib/errors.ts";
import { modelPath } from "../../schemas/bedrock/path.ts";
import type {
  ConverseRequest,
  InferenceConfig,
  OutputConfig,
} from "../../schemas/bedrock/request.ts";
import { encodeMessages, encodeSystem } from "./messages.ts";
import { type ModelTraits, modelTraits } from "./models.ts";
import { type EncodedReasoning, encodeReasoning } from "./reasoning.ts";
import { encodeTools } from "./tools.ts";

/** Fields of Converse's own that a client may put into its body; passed on as they are. */
const CONVERSE_FIELDS = [
  "guardrailConfig",
  "performanceConfig",
  "promptVariables",
] as const satisfies (keyof ConverseRequest)[];

/** Fields that Claude models take beyond Converse. */
const CLAUDE_FIELDS = ["anthropic_beta", "context_management", "mcp_servers"];

const SERVICE_TIERS = new Set(["priority", "default", "flex", "reserved"]);
const MAX_METADATA_ENTRIES = 16;
const METADATA_KEY = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;
const METADATA_VALUE = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;

/** @throws {UserError} 422 where Converse cannot express what the request means */
export function encodeConverse(given: Conversation): ProviderRequest {
  const dropped = new Set<string>();
  const conversation = withoutGoogleThinking(given, dropped);
  if ((conversation.candidates ?? 1) > 1) {
    throw unsupported("AWS Bedrock gives one answer to a request: set n to 1", "n");
  }
  const traits = modelTraits(conversation.model);
  const reasoning = encodeReasoning(conversation, traits, dropped);
  const { toolConfig, claudeToolChoice } = encodeTools(conversation, traits, dropped);
  const system = encodeSystem(conversation.system);
  const outputConfig = encodeOutputConfig(conversation, reasoning, dropped);
  const requestMetadata = encodeMetadata(conversation, dropped);
  const stopSequence = traits.family === "claude" && (conversation.stop?.length ?? 0) > 0;
  const additional: Record<string, unknown> = {
    ...encodeTopK(conversation, traits, reasoning, dropped),
    ...reasoning.fields,
    ...(claudeToolChoice === undefined ? {} : { tool_choice: claudeToolChoice }),
    ...claudeFields(conversation),
    ...record(conversation.vendor.additionalModelRequestFields),
  };
  const inferenceConfig = encodeInference(conversation, reasoning, dropped);
  const serviceTier = encodeServiceTier(conversation, dropped);
  noteDropped(conversation, dropped);

  const body: ConverseRequest = {
    messages: encodeMessages(conversation, traits, dropped),
    ...(system.length === 0 ? {} : { system }),
    ...(isEmpty(inferenceConfig) ? {} : { inferenceConfig }),
    ...(toolConfig === undefined ? {} : { toolConfig }),
    ...(isEmpty(additional) ? {} : { additionalModelRequestFields: additional }),
    ...responseFieldPaths(conversation, stopSequence),
    ...(requestMetadata === undefined ? {} : { requestMetadata }),
    ...(serviceTier === undefined ? {} : { serviceTier: { type: serviceTier } }),
    ...(isEmpty(outputConfig) ? {} : { outputConfig }),
    ...Object.fromEntries(
      CONVERSE_FIELDS.flatMap((field) =>
        conversation.vendor[field] === undefined ? [] : [[field, conversation.vendor[field]]],
      ),
    ),
  };
  return {
    path: modelPath(conversation.model, conversation.stream ? "converse-stream" : "converse"),
    body: Buffer.from(JSON.stringify(body)),
    headers: [["content-type", "application/json"]],
    dropped: [...dropped],
  };
}

function encodeInference(
  { maxTokens, temperature, topP, stop }: Conversation,
  { withoutSampling }: EncodedReasoning,
  dropped: Set<string>,
): InferenceConfig {
  const stopSequences = stop?.filter((text) => text !== "") ?? [];
  const sampling = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
  };
  if (withoutSampling && !isEmpty(sampling)) dropped.add("temperature and top_p beside reasoning");
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(withoutSampling ? {} : sampling),
    ...(stopSequences.length === 0 ? {} : { stopSequences }),
  };
}

function encodeTopK(
  { topK }: Conversation,
  { family }: ModelTraits,
  { withoutSampling }: EncodedReasoning,
  dropped: Set<string>,
): Record<string, unknown> {
  if (topK === undefined) return {};
  if (withoutSampling) {
    dropped.add("top_k beside reasoning");
    return {};
  }
  return family === "nova" || family === "nova-2" ? { inferenceConfig: { topK } } : { top_k: topK };
}

function encodeOutputConfig(
  { outputFormat }: Conversation,
  { effort }: EncodedReasoning,
  dropped: Set<string>,
): OutputConfig {
  // A prompt that asks for a JSON object says so in words too: that is OpenAI's rule for the mode.
  if (outputFormat?.type === "json-object") dropped.add("response_format");
  return {
    ...(outputFormat?.type === "json-schema"
      ? {
          textFormat: {
            type: "json_schema",
            structure: {
              jsonSchema: {
                schema: JSON.stringify(outputFormat.schema),
                name: outputFormat.name,
                ...(outputFormat.description === undefined
                  ? {}
                  : { description: outputFormat.description }),
              },
            },
          },
        }
      : {}),
    ...(effort === undefined ? {} : { effort }),
  };
}

/** Converse takes fewer and plainer tags than OpenAI; those that do not fit are left out. */
function encodeMetadata(
  { metadata, vendor }: Conversation,
  dropped: Set<string>,
): Record<string, string> | undefined {
  const fitting: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...metadata, ...record(vendor.requestMetadata) })) {
    const fits =
      typeof value === "string" &&
      METADATA_KEY.test(key) &&
      METADATA_VALUE.test(value) &&
      Object.keys(fitting).length < MAX_METADATA_ENTRIES;
    if (fits) fitting[key] = value;
    else dropped.add(`metadata.${key}`);
  }
  return isEmpty(fitting) ? undefined : fitting;
}

function encodeServiceTier(
  { serviceTier }: Conversation,
  dropped: Set<string>,
): string | undefined {
  // `auto` leaves the choice to the provider, as saying nothing does.
  if (serviceTier === undefined || serviceTier === "auto") return undefined;
  if (serviceTier === "standard_only") return "default";
  if (SERVICE_TIERS.has(serviceTier)) return serviceTier;
  dropped.add("service_tier");
  return undefined;
}

/** Claude says which stop sequence ended its answer, if it is asked to. */
function responseFieldPaths(
  { vendor }: Conversation,
  stopSequence: boolean,
): Pick<ConverseRequest, "additionalModelResponseFieldPaths"> {
  const asked = vendor.additionalModelResponseFieldPaths;
  const paths = new Set(Array.isArray(asked) ? asked.map(String) : []);
  if (stopSequence) paths.add("/stop_sequence");
  return paths.size === 0 ? {} : { additionalModelResponseFieldPaths: [...paths] };
}

const claudeFields = ({ vendor }: Conversation): Record<string, unknown> =>
  Object.fromEntries(
    CLAUDE_FIELDS.flatMap((field) => (vendor[field] === undefined ? [] : [[field, vendor[field]]])),
  );

const TAKEN_VENDOR_FIELDS = new Set<string>([
  ...CONVERSE_FIELDS,
  ...CLAUDE_FIELDS,
  "additionalModelRequestFields",
  "additionalModelResponseFieldPaths",
  "requestMetadata",
]);

function noteDropped(conversation: Conversation, dropped: Set<string>): void {
  const withoutForm: Record<string, unknown> = {
    seed: conversation.seed,
    frequency_penalty: conversation.frequencyPenalty,
    presence_penalty: conversation.presencePenalty,
    logprobs: conversation.logprobs,
    top_logprobs: conversation.logprobs?.top,
    user: conversation.userId,
  };
  for (const [field, value] of Object.entries(withoutForm)) {
    if (value !== undefined) dropped.add(field);
  }
  for (const field of Object.keys(conversation.vendor)) {
    if (!TAKEN_VENDOR_FIELDS.has(field)) dropped.add(field);
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;
