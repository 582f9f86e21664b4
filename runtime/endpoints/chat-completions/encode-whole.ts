import type { ConversationEncoder } from "../../conversation/codec.ts";
import type {
  ConversationEvent,
  FinishReason,
  ProviderError,
  TokenLogprob,
} from "../../conversation/events.ts";
import type { DetailedUsage } from "../../lib/usage.ts";
import type { EncoderOptions, ParsedRequest } from "../endpoint.ts";
import { logprobsJson } from "../logprobs.ts";
import { openAiError } from "../openai-family.ts";
import { ofProvider } from "../provider-error.ts";
import type { JsonBody } from "../request-body.ts";
import { AnswerState, finishReason, headOf, speaksFunctions, usageJson } from "./answer.ts";

interface ThinkingBlock {
  type: "thinking" | "redacted_thinking";
  thinking?: string;
  signature?: string;
  data?: string;
}

interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

interface Choice {
  text: string | null;
  refusal: string | null;
  reasoning: string;
  thinkingBlocks: ThinkingBlock[];
  toolCalls: ToolCall[];
  reason: FinishReason;
  logprobs: TokenLogprob[];
}

/** A `chat.completion`, written when its last event is in. */
export function wholeChatEncoder(
  request: ParsedRequest<JsonBody>,
  options: EncoderOptions,
): ConversationEncoder {
  const answer = new WholeAnswer(request, options);
  return {
    contentType: "application/json",
    push(event) {
      answer.take(event);
      return [];
    },
    finish: () => [answer.body()],
  };
}

class WholeAnswer {
  readonly #request: ParsedRequest<JsonBody>;
  readonly #options: EncoderOptions;
  readonly #state = new AnswerState();
  readonly #choices = new Map<number, Choice>();
  /** By index of the block. */
  readonly #thinking = new Map<number, ThinkingBlock>();
  #start: Extract<ConversationEvent, { type: "start" }> | undefined;
  #usage: DetailedUsage = {};
  #error: ProviderError | undefined;

  constructor(request: ParsedRequest<JsonBody>, options: EncoderOptions) {
    this.#request = request;
    this.#options = options;
  }

  take(event: ConversationEvent): void {
    switch (event.type) {
      case "start":
        this.#start = event;
        break;
      case "block-start":
        this.#startBlock(event);
        break;
      case "text-delta": {
        const choice = this.#choice(this.#state.addText(event.index, event.text).candidate);
        choice.text = (choice.text ?? "") + event.text;
        if (event.logprobs !== undefined) choice.logprobs.push(...event.logprobs);
        break;
      }
      case "refusal-delta": {
        const choice = this.#choiceOf(event.index);
        choice.refusal = (choice.refusal ?? "") + event.text;
        break;
      }
      case "thinking-delta": {
        const block = this.#thinking.get(event.index);
        if (block !== undefined) block.thinking = (block.thinking ?? "") + event.text;
        this.#choiceOf(event.index).reasoning += event.text;
        break;
      }
      case "signature-delta": {
        const block = this.#thinking.get(event.index);
        if (block !== undefined) block.signature = (block.signature ?? "") + event.signature;
        break;
      }
      case "tool-input-delta": {
        const { toolIndex } = this.#state.block(event.index);
        const call = this.#choiceOf(event.index).toolCalls[toolIndex];
        if (call !== undefined) call.function.arguments += event.json;
        break;
      }
      case "citation":
        this.#state.block(event.index).citations.push(event);
        break;
      case "block-stop":
        this.#state.stop(event.index);
        break;
      case "finish":
        this.#choice(event.candidate ?? 0).reason = event.reason;
        break;
      case "usage":
        this.#usage = { ...this.#usage, ...event.usage };
        break;
      case "error":
        this.#error = event.error;
        break;
      case "end":
        break;
    }
  }

  body(): Buffer {
    if (this.#error !== undefined) return openAiError(ofProvider(this.#error));
    if (this.#choices.size === 0) this.#choice(0);
    const { id, created, model } = headOf(this.#request, this.#options, this.#start);
    const usage = usageJson(this.#usage);
    const choices = [...this.#choices].sort(([one], [other]) => one - other);
    return Buffer.from(
      JSON.stringify({
        id,
        object: "chat.completion",
        created,
        model,
        choices: choices.map(([index, choice]) => this.#choiceJson(index, choice)),
        ...(usage === undefined ? {} : { usage }),
      }),
    );
  }

  #startBlock(event: Extract<ConversationEvent, { type: "block-start" }>): void {
    const choice = this.#choice(this.#state.start(event).candidate);
    const { block } = event;
    switch (block.type) {
      case "tool-use":
        choice.toolCalls.push({
          id: block.id,
          type: "function",
          function: { name: block.name, arguments: "" },
        });
        break;
      case "thinking": {
        const told: ThinkingBlock = { type: "thinking" };
        this.#thinking.set(event.index, told);
        choice.thinkingBlocks.push(told);
        break;
      }
      case "redacted-thinking":
        choice.thinkingBlocks.push({ type: "redacted_thinking", data: block.data });
        break;
      default:
    }
  }

  #choiceJson(index: number, choice: Choice): Record<string, unknown> {
    const functions = speaksFunctions(this.#request);
    const refused = this.#state.refused(index);
    const calls = choice.toolCalls.map((call) => ({
      ...call,
      // Clients parse the arguments of a call, also where it has none.
      function: { ...call.function, arguments: call.function.arguments || "{}" },
    }));
    const [call] = calls;
    const annotations = this.#state.annotations(index);
    // Thinking without a seal has nothing that its text has not.
    const thinking = choice.thinkingBlocks.filter(
      (block) => "signature" in block || "data" in block,
    );
    return {
      index,
      message: {
        role: "assistant",
        content: choice.text,
        refusal: choice.refusal,
        ...(choice.reasoning === "" ? {} : { reasoning_content: choice.reasoning }),
        ...(thinking.length === 0 ? {} : { thinking_blocks: thinking }),
        ...(call === undefined
          ? {}
          : functions
            ? { function_call: call.function }
            : { tool_calls: calls }),
        ...(annotations.length === 0 ? {} : { annotations }),
      },
      logprobs: choice.logprobs.length === 0 ? null : logprobsJson(choice.logprobs),
      finish_reason: finishReason(choice.reason, { refused, functions }),
    };
  }

  #choiceOf(blockIndex: number): Choice {
    return this.#choice(this.#state.block(blockIndex).candidate);
  }

  #choice(candidate: number): Choice {
    const known = this.#choices.get(candidate);
    if (known !== undefined) return known;
    const fresh: Choice = {
      text: null,
      refusal: null,
      reasoning: "",
      thinkingBlocks: [],
      toolCalls: [],
      reason: "stop",
      logprobs: [],
    };
    this.#choices.set(candidate, fresh);
    return fresh;
  }
}
