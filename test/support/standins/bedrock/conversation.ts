import { unseal } from "../anthropic/signature.ts";
import type { ContentBlock } from "./blocks.ts";
import { refuse } from "./errors.ts";
import type { ConverseRequest, Message } from "./schema.ts";

const MAX_CACHE_POINTS = 4;

/** What Bedrock asks of messages beyond their shape, in its words. @throws {BedrockError} 400 */
export function checkConversation(request: ConverseRequest, claude: boolean): void {
  const { messages } = request;
  checkRoles(messages);
  messages.forEach((message, at) => {
    checkContent(message, `messages.${at}.content`, claude);
    checkToolResults(message, messages[at - 1], at);
  });
  checkOpenToolUses(messages);
  checkDocuments(messages);
  if (countCachePoints(request) > MAX_CACHE_POINTS) {
    refuse(`The request exceeds the maximum of ${MAX_CACHE_POINTS} cache points.`);
  }
}

function checkRoles(messages: Message[]): void {
  if (messages[0]?.role !== "user") {
    refuse(
      "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
    );
  }
  if (messages.some(({ role }, at) => role === messages[at - 1]?.role)) {
    refuse(
      "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
    );
  }
}

function checkContent({ role, content }: Message, path: string, claude: boolean): void {
  if (content.length === 0) {
    refuse(
      `The content field in the Message object at ${path.replace(".content", "")} is empty. Add a ContentBlock object to the content field and try again.`,
    );
  }
  content.forEach((block, at) => {
    const where = `${path}.${at}`;
    checkBlock(block, where, claude);
    const allowed = role === "user" ? !isOfAssistant(block) : !isOfUser(block);
    if (!allowed) {
      refuse(`The ${role} role does not take the ContentBlock object at ${where}.`);
    }
    if (block.cachePoint !== undefined && at === 0) {
      refuse(`A cachePoint at ${where} must follow the content that it caches.`);
    }
  });
  if (content.some(({ document }) => document) && !content.some(({ text }) => text)) {
    refuse(`A text block must be included with the document at ${path}.`);
  }
}

const isOfUser = ({ image, document, video, audio, toolResult }: ContentBlock): boolean =>
  [image, document, video, audio, toolResult].some((member) => member !== undefined);

const isOfAssistant = ({ toolUse, reasoningContent }: ContentBlock): boolean =>
  toolUse !== undefined || reasoningContent !== undefined;

function checkBlock(block: ContentBlock, where: string, claude: boolean): void {
  if (block.text?.trim() === "") {
    refuse(
      `The text field in the ContentBlock object at ${where} is blank. Add text to the text field, and try again.`,
    );
  }
  for (const [at, inner] of (block.toolResult?.content ?? []).entries()) {
    if (inner.text?.trim() === "") {
      refuse(
        `The text field in the ToolResultContentBlock object at ${where}.toolResult.content.${at} is blank. Add text to the text field, and try again.`,
      );
    }
  }
  const thought = block.reasoningContent?.reasoningText;
  if (!claude || thought === undefined) return;
  if (thought.signature === undefined) refuse(`${where}.thinking.signature: Field required`);
  if (unseal(thought.signature ?? "") !== thought.text) {
    refuse(`${where}: Invalid \`signature\` in \`thinking\` block`);
  }
}

function checkToolResults({ content }: Message, previous: Message | undefined, at: number): void {
  const used = toolUseIds(previous?.content ?? []);
  const answered = toolResultIds(content);
  if (answered.length > used.length) {
    refuse(
      `The number of toolResult blocks at messages.${at}.content exceeds the number of toolUse blocks of previous turn.`,
    );
  }
  const missing = used.filter((id) => !answered.includes(id));
  if (missing.length > 0) {
    refuse(
      `Expected toolResult blocks at messages.${at}.content for the following Ids: ${missing.join(", ")}`,
    );
  }
}

/** The last turn may not leave a tool use without its result. */
function checkOpenToolUses(messages: Message[]): void {
  const open = toolUseIds(messages.at(-1)?.content ?? []);
  if (open.length > 0) {
    refuse(
      `Expected toolResult blocks at messages.${messages.length}.content for the following Ids: ${open.join(", ")}`,
    );
  }
}

const toolUseIds = (content: ContentBlock[]): string[] =>
  content.flatMap(({ toolUse }) => (toolUse ? [toolUse.toolUseId] : []));

const toolResultIds = (content: ContentBlock[]): string[] =>
  content.flatMap(({ toolResult }) => (toolResult ? [toolResult.toolUseId] : []));

function checkDocuments(messages: Message[]): void {
  const names = messages.flatMap(({ content }) =>
    content.flatMap(({ document }) => (document ? [document.name] : [])),
  );
  if (new Set(names).size < names.length) {
    refuse("The request contains documents with the same name. Give each document its own name.");
  }
}

const countCachePoints = ({ messages, system = [], toolConfig }: ConverseRequest): number =>
  [...messages.flatMap(({ content }) => content), ...system, ...(toolConfig?.tools ?? [])].filter(
    ({ cachePoint }) => cachePoint !== undefined,
  ).length;
