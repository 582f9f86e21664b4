import type { Conversation, Reasoning } from "../../conversation/conversation.ts";
import { type ModelTraits, thinksAdaptively, thinksWithBudget } from "./models.ts";

/** Where a wish to reason ends up: each family of models has its own parameter for it. */
export interface EncodedReasoning {
  /** For `additionalModelRequestFields`. */
  fields: Record<string, unknown>;
  /** For `outputConfig.effort`. */
  effort?: string;
  /**
   * Claude refuses sampling parameters beside thinking. True where the gateway turned thinking on
   * for a client that asked for an effort only, and so could not know.
   */
  withoutSampling?: boolean;
}

type Effort = NonNullable<Reasoning["effort"]>;

/** Tokens to think with, for Claude models that know budgets and no efforts. */
const BUDGETS: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 4096,
  high: 16_384,
  xhigh: 32_768,
  max: 32_768,
};
const MIN_BUDGET = 1024;

export function encodeReasoning(
  conversation: Conversation,
  traits: ModelTraits,
  dropped: Set<string>,
): EncodedReasoning {
  const { reasoning } = conversation;
  if (reasoning === undefined) return { fields: {} };
  const { effort } = reasoning;

  switch (traits.family) {
    case "claude":
      return forClaude(conversation, reasoning, traits, dropped);
    case "nova-2":
      return {
        fields: {
          reasoningConfig:
            reasoning.mode === "disabled" || effort === "none"
              ? { type: "disabled" }
              : { type: "enabled", maxReasoningEffort: lowMediumHigh(effort) },
        },
      };
    case "gpt-oss":
      return { fields: { reasoning_effort: lowMediumHigh(effort) } };
    case "openai":
      return { fields: effort === undefined ? {} : { reasoning: { effort } } };
    case "unknown":
      return forUnknown(reasoning);
    default:
      dropped.add("reasoning");
      return { fields: {} };
  }
}

function forClaude(
  conversation: Conversation,
  reasoning: Reasoning,
  traits: ModelTraits,
  dropped: Set<string>,
): EncodedReasoning {
  const { effort } = reasoning;
  if (reasoning.mode === "disabled" || effort === "none") {
    return { fields: { thinking: { type: "disabled" } } };
  }
  if (reasoning.budgetTokens !== undefined) {
    return {
      fields: { thinking: { type: "enabled", budget_tokens: reasoning.budgetTokens } },
      ...(effort === undefined ? {} : { effort: claudeEffort(effort) }),
    };
  }
  if (effort === undefined || thinksAdaptively(traits)) {
    const adaptive = { fields: { thinking: { type: "adaptive" } } };
    if (effort === undefined) return adaptive;
    if (!canThink(conversation)) return { fields: {}, effort: claudeEffort(effort) };
    return { ...adaptive, effort: claudeEffort(effort), withoutSampling: true };
  }

  const budget = Math.min(BUDGETS[effort], (conversation.maxTokens ?? Number.MAX_SAFE_INTEGER) - 1);
  if (!thinksWithBudget(traits) || budget < MIN_BUDGET || !canThink(conversation)) {
    dropped.add("reasoning_effort");
    return { fields: {} };
  }
  return {
    fields: { thinking: { type: "enabled", budget_tokens: budget } },
    withoutSampling: true,
  };
}

/**
 * Claude refuses to think when a tool is forced on it, and when the turn that it has to go on with
 * used tools without showing its thinking: clients of other protocols do not keep that.
 */
function canThink({ toolChoice, turns }: Conversation): boolean {
  if (toolChoice?.type === "any" || toolChoice?.type === "tool") return false;
  const last = turns.findLast(({ role }) => role === "assistant")?.content ?? [];
  return (
    !last.some(({ type }) => type === "tool-use") ||
    last.some(
      (part) =>
        part.type === "redacted-thinking" ||
        (part.type === "thinking" && part.signature !== undefined),
    )
  );
}

/** An opaque inference profile, or a vendor whose models take `reasoning_config`. */
function forUnknown({ mode, budgetTokens, effort }: Reasoning): EncodedReasoning {
  if (effort !== undefined) return { fields: { reasoning_config: effort } };
  if (mode !== "enabled") return { fields: { thinking: { type: mode } } };
  return {
    fields: { thinking: { type: "enabled", budget_tokens: budgetTokens ?? BUDGETS.medium } },
  };
}

const claudeEffort = (effort: Effort): string => (effort === "minimal" ? "low" : effort);

function lowMediumHigh(effort: Effort | undefined): "low" | "medium" | "high" {
  switch (effort) {
    case "none":
    case "minimal":
    case "low":
      return "low";
    case "high":
    case "xhigh":
    case "max":
      return "high";
    default:
      return "medium";
  }
}
