import type { OutputConfig, Thinking } from "../../schemas/anthropic/request.ts";
import type { Conversation, Reasoning } from "../conversation.ts";
import type { ModelTraits } from "./models.ts";

export interface EncodedReasoning {
  thinking?: Thinking;
  /** For `output_config.effort`. */
  effort?: NonNullable<OutputConfig["effort"]>;
}

type Effort = NonNullable<Reasoning["effort"]>;

/**
 * Tokens to think with, for models that know budgets and no efforts. The largest leaves room for an
 * answer in the 32,000 tokens that the smallest of them can give.
 */
const BUDGETS: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 4096,
  high: 16_384,
  xhigh: 24_576,
  max: 24_576,
};
const MIN_BUDGET = 1024;

/** @param dropped takes what the model cannot be told of the wish */
export function encodeReasoning(
  conversation: Conversation,
  traits: ModelTraits,
  dropped: Set<string>,
): EncodedReasoning {
  const { reasoning } = conversation;
  if (reasoning === undefined) return {};
  const canThink = traits.thinksAdaptively || traits.thinksWithBudget;
  if (reasoning.mode === "disabled" || reasoning.effort === "none") {
    return canThink ? { thinking: { type: "disabled" } } : {};
  }
  const effort = encodeEffort(reasoning.effort, traits);
  const thinking = encodeThinking(conversation, reasoning, traits, dropped);
  if (thinking === undefined && effort === undefined) dropped.add("reasoning");
  return {
    ...(thinking === undefined ? {} : { thinking }),
    ...(effort === undefined ? {} : { effort }),
  };
}

function encodeEffort(
  effort: Reasoning["effort"],
  { efforts }: ModelTraits,
): EncodedReasoning["effort"] {
  if (efforts.length === 0 || effort === undefined || effort === "none") return undefined;
  if (effort === "minimal") return "low";
  return efforts.includes(effort) ? effort : "high";
}

function encodeThinking(
  conversation: Conversation,
  { mode, effort, budgetTokens }: Reasoning,
  traits: ModelTraits,
  dropped: Set<string>,
): Thinking | undefined {
  if (forcesTool(conversation)) return undefined;
  const display = conversation.vendor["thinking.display"];
  const shown = typeof display === "string" ? { display } : {};
  const budgeted = budgetTokens !== undefined && traits.thinksWithBudget;
  if (traits.thinksAdaptively && !budgeted) {
    if (budgetTokens !== undefined) dropped.add("thinking.budget_tokens");
    return { type: "adaptive", ...shown };
  }
  if (!traits.thinksWithBudget || !showsThinkingOfToolUse(conversation)) return undefined;
  if (budgetTokens !== undefined) {
    return { type: "enabled", budget_tokens: budgetTokens, ...shown };
  }
  if (mode === "adaptive" && effort === undefined) dropped.add("thinking: adaptive");
  const room = (conversation.maxTokens ?? Number.MAX_SAFE_INTEGER) - 1;
  const budget = Math.min(BUDGETS[effort ?? "medium"], room);
  return budget < MIN_BUDGET ? undefined : { type: "enabled", budget_tokens: budget, ...shown };
}

/** Claude refuses to think when a tool is forced on it. */
const forcesTool = ({ toolChoice }: Conversation): boolean =>
  toolChoice?.type === "any" || toolChoice?.type === "tool";

/**
 * Claude refuses a budget when the turn that it has to go on with used tools without showing its
 * thinking: clients of other protocols do not keep that.
 */
function showsThinkingOfToolUse({ turns }: Conversation): boolean {
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
