import { refuse } from "./errors.ts";
import { isThinking, traits } from "./options.ts";
import type { Block, CountRequest, Message } from "./schema.ts";
import { unseal } from "./signature.ts";

const MAX_BREAKPOINTS = 4;

/** Blocks that only one side of a conversation may send. */
const OWNERS: Partial<Record<Block["type"], Message["role"]>> = {
  thinking: "assistant",
  redacted_thinking: "assistant",
  tool_use: "assistant",
  server_tool_use: "assistant",
  tool_result: "user",
  image: "user",
  search_result: "user",
};

/** Rules within and between messages. @throws {AnthropicError} 400 */
export function checkConversation(request: CountRequest): void {
  const { messages, model } = request;
  if (messages[0]?.role !== "user") refuse('messages: first message must use the "user" role');
  messages.forEach((message, index) => {
    if (message.role === "system" && !traits(model).modern) {
      refuse(`messages.${index}.role: Input should be 'user' or 'assistant'`);
    }
    const isPrefill = index === messages.length - 1 && message.role === "assistant";
    if (message.content.length === 0 && !isPrefill) {
      refuse(
        `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
      );
    }
    for (const [at, block] of blocksOf(message).entries()) {
      checkBlock(block, message.role, `messages.${index}.content.${at}`);
    }
  });
  checkTools(messages);
  checkLastTurn(request);
  checkBreakpoints(request);
}

/** The content of a message, a plain text being a block of its own. */
export const blocksOf = ({ content }: { content: string | Block[] }): Block[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

function checkBlock(block: Block, role: Message["role"], where: string): void {
  const owner = OWNERS[block.type];
  if (owner !== undefined && owner !== role) {
    refuse(`${where}: \`${block.type}\` blocks can only be in \`${owner}\` messages`);
  }
  if (block.type === "text") checkText(block.text, block.cache_control != null);
  if (block.type === "thinking") {
    const thought = unseal(block.signature);
    const shown = block.thinking === "" || block.thinking === thought;
    if (thought === undefined || !shown)
      refuse(`${where}: Invalid \`signature\` in \`thinking\` block`);
  }
  if (block.type === "redacted_thinking" && unseal(block.data) === undefined) {
    refuse(`${where}: Invalid \`data\` in \`redacted_thinking\` block`);
  }
}

function checkText(text: string, cached: boolean): void {
  if (text === "" && cached) refuse("cache_control cannot be set for empty text blocks");
  if (text === "") refuse("messages: text content blocks must be non-empty");
  if (text.trim() === "") refuse("messages: text content blocks must contain non-whitespace text");
}

/** Consecutive messages of one role are one turn. */
function turns(messages: Message[]): { role: Message["role"]; blocks: Block[]; index: number }[] {
  const merged: { role: Message["role"]; blocks: Block[]; index: number }[] = [];
  messages.forEach((message, index) => {
    const last = merged.at(-1);
    if (last?.role === message.role) last.blocks.push(...blocksOf(message));
    else merged.push({ role: message.role, blocks: [...blocksOf(message)], index });
  });
  return merged;
}

/** Each turn's tool calls are answered in the next, before anything else is said there. */
function checkTools(messages: Message[]): void {
  const all = turns(messages).filter(({ role }) => role !== "system");
  all.forEach((turn, at) => {
    const asked = at === 0 ? [] : idsOfCalls(all[at - 1]?.blocks ?? []);
    turn.blocks.forEach((block, position) => {
      if (block.type !== "tool_result") return;
      if (!asked.includes(block.tool_use_id)) {
        refuse(
          `messages.${turn.index}.content.${position}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${block.tool_use_id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
        );
      }
      if (turn.blocks.slice(0, position).some(({ type }) => type !== "tool_result")) {
        refuse(
          `messages.${turn.index}.content.${position}: \`tool_result\` blocks must come first in a message`,
        );
      }
    });
    const ids = idsOfCalls(turn.blocks);
    if (new Set(ids).size < ids.length) {
      refuse(`messages.${turn.index}: \`tool_use\` ids must be unique`);
    }
    const answered = (all[at + 1]?.blocks ?? []).flatMap((block) =>
      block.type === "tool_result" ? [block.tool_use_id] : [],
    );
    if (new Set(answered).size < answered.length) {
      refuse(
        `messages.${turn.index + 1}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with the same id.`,
      );
    }
    const open = ids.filter((id) => !answered.includes(id));
    if (open.length > 0) {
      refuse(
        `messages.${turn.index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      );
    }
  });
}

const idsOfCalls = (blocks: Block[]): string[] =>
  blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));

function checkLastTurn(request: CountRequest): void {
  const { messages, model } = request;
  const last = messages.at(-1);
  if (last?.role === "assistant") {
    if (!traits(model).prefill || isThinking(request)) {
      refuse(
        "This model does not support assistant message prefill. The conversation must end with a user message.",
      );
    }
    const text = blocksOf(last).at(-1);
    if (text?.type === "text" && text.text !== text.text.trimEnd()) {
      refuse("messages: final assistant content cannot end with trailing whitespace");
    }
  }
  if (request.thinking?.type !== "enabled" || !carriesToolResult(last)) return;
  // While tools are in use the model has to see what it thought before it called them.
  const index = messages.findLastIndex(({ role }) => role === "assistant");
  const calling = messages[index];
  const first = calling && blocksOf(calling)[0]?.type;
  if (first !== undefined && first !== "thinking" && first !== "redacted_thinking") {
    refuse(
      `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`,
    );
  }
}

const carriesToolResult = (message: Message | undefined): boolean =>
  message !== undefined && blocksOf(message).some(({ type }) => type === "tool_result");

function checkBreakpoints(request: CountRequest): void {
  const found = countBreakpoints(request);
  if (found > MAX_BREAKPOINTS) {
    refuse(
      `A maximum of ${MAX_BREAKPOINTS} blocks with cache_control may be provided. Found ${found}.`,
    );
  }
}

/** Breakpoints anywhere but in the schemas of tools, where a property may have that name. */
function countBreakpoints(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  return Object.entries(node).reduce((sum, [key, value]) => {
    if (key === "input_schema" || key === "input" || key === "schema") return sum;
    return sum + (key === "cache_control" && value != null ? 1 : countBreakpoints(value));
  }, 0);
}
