import type { Conversation } from "../../../conversation/conversation.ts";
import type { Block, ConversationEvent, TokenLogprob } from "../../../conversation/events.ts";
import { shortHash } from "../../../lib/hash.ts";
import type {
  CohereCall,
  CohereCitation,
  CohereContent,
  CohereLogprobs,
} from "../../../schemas/cohere/response.ts";
import { citationEvents } from "./citations.ts";
import { clientToolNames } from "./names.ts";

interface Open {
  index: number;
  type: Block["type"];
  /** Which of Cohere's contents it is; undefined for plans and calls. */
  content?: number;
  hasInput: boolean;
}

/**
 * The blocks of an answer. Cohere's contents, plan and calls each count by themselves; here all of
 * them follow each other. A block stays open until the next begins, since citations of a content may
 * come after its end.
 */
export class AnswerBlocks {
  readonly #toolName: (wireName: string) => string;
  readonly #salt: string;
  #open: Open | undefined;
  #count = 0;

  constructor({ model, tools, turns }: Conversation) {
    this.#toolName = clientToolNames(tools);
    this.#salt = `${model}/${turns.length}`;
  }

  plan(text: string): ConversationEvent[] {
    if (text === "") return [];
    const { events, open } =
      this.#open?.type === "text" && this.#open.content === undefined
        ? { events: [], open: this.#open }
        : this.#begin({ type: "text" });
    return [...events, { type: "text-delta", index: open.index, text }];
  }

  content(
    at: number,
    { type, text, thinking }: CohereContent,
    logprobs: readonly CohereLogprobs[],
  ): ConversationEvent[] {
    const kind = type === "thinking" || thinking ? "thinking" : "text";
    const said = (kind === "thinking" ? thinking : text) ?? "";
    const known = this.#open?.content === at ? this.#open : undefined;
    // What says nothing begins nothing: a content may yet turn out to be thinking.
    if (said === "") return [];
    const { events, open } =
      known?.type === kind ? { events: [], open: known } : this.#begin({ type: kind }, at);
    const { index } = open;
    if (kind === "thinking") return [...events, { type: "thinking-delta", index, text: said }];
    const tokens = logprobs.flatMap(tokensOf);
    return [
      ...events,
      {
        type: "text-delta",
        index,
        text: said,
        ...(tokens.length === 0 ? {} : { logprobs: tokens }),
      },
    ];
  }

  callStart({ id, function: called }: CohereCall, number: number): ConversationEvent[] {
    const { events } = this.#begin({
      type: "tool-use",
      id: id || `call_${shortHash(this.#salt, String(number))}`,
      name: this.#toolName(called?.name ?? ""),
    });
    return [...events, ...this.callInput(called?.arguments ?? "")];
  }

  callInput(json: string): ConversationEvent[] {
    if (json === "" || this.#open?.type !== "tool-use") return [];
    this.#open.hasInput = true;
    return [{ type: "tool-input-delta", index: this.#open.index, json }];
  }

  /** Citations of what is no longer open, or of thinking, have no place. */
  citation(citation: CohereCitation): ConversationEvent[] {
    const open = this.#open;
    if (open?.type !== "text") return [];
    const ofPlan = citation.type === "PLAN";
    if (ofPlan !== (open.content === undefined)) return [];
    if (!ofPlan && (citation.content_index ?? open.content) !== open.content) return [];
    return citationEvents(citation, open.index);
  }

  /** The open block ends. Clients parse the input of a call as JSON, also where the model gave none. */
  close(): ConversationEvent[] {
    if (this.#open === undefined) return [];
    const { index, type, hasInput } = this.#open;
    this.#open = undefined;
    return [
      ...(type === "tool-use" && !hasInput
        ? [{ type: "tool-input-delta" as const, index, json: "{}" }]
        : []),
      { type: "block-stop", index },
    ];
  }

  #begin(block: Block, content?: number): { events: ConversationEvent[]; open: Open } {
    const events = this.close();
    const open: Open = {
      index: this.#count,
      type: block.type,
      hasInput: false,
      ...(content === undefined ? {} : { content }),
    };
    this.#count += 1;
    this.#open = open;
    events.push({ type: "block-start", index: open.index, block });
    return { events, open };
  }
}

/** Cohere may put several tokens into one text; their likelihoods multiply. */
function tokensOf({ text, logprobs }: CohereLogprobs): TokenLogprob[] {
  if (text == null || logprobs == null || logprobs.length === 0) return [];
  return [{ token: text, logprob: logprobs.reduce((sum, next) => sum + next, 0) }];
}
