import type { Part, TextPart, Turn } from "../../conversation/conversation.ts";
import { toolUse } from "../chat-completions/decode-assistant.ts";
import { userParts } from "../chat-completions/decode-parts.ts";
import type { Field } from "../field.ts";
import { textOf } from "./decode-documents.ts";

/**
 * Prompts of the system and the turns of user and assistant. Results of tools are said by the user;
 * messages that follow each other in one role make one turn.
 */
export function decodeMessages(messages: Field): { system: TextPart[]; turns: Turn[] } {
  const system: TextPart[] = [];
  const turns: Turn[] = [];
  const say = (role: Turn["role"], content: Part[]): void => {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  };
  for (const message of messages.items()) {
    const content = message.get("content");
    switch (message.get("role").oneOf(["system", "user", "assistant", "tool"])) {
      case "system":
        system.push(...texts(content));
        break;
      case "user":
        say("user", userParts(content));
        break;
      case "assistant":
        say("assistant", assistantParts(message));
        break;
      case "tool":
        say("user", [
          {
            type: "tool-result",
            toolUseId: message.get("tool_call_id").nonEmptyString(),
            content: resultParts(content),
          },
        ]);
    }
  }
  return { system, turns };
}

const texts = (content: Field): TextPart[] =>
  typeof content.value === "string"
    ? [{ type: "text", text: content.value }]
    : content.items().map((part) => {
        part.get("type").oneOf(["text"]);
        return { type: "text", text: part.get("text").string() };
      });

/** Thinking, what was said ahead of calls, what was said, and the calls. */
function assistantParts(message: Field): Part[] {
  const said = message.get("content").optional(contents) ?? [];
  const plan = message.get("tool_plan").optional((field) => field.string()) ?? "";
  // Kept by Cohere's clients with what they cite; the model has said it already.
  message.get("citations").optional((list) => list.value);
  const calls = message.get("tool_calls").optional((list) => list.items()) ?? [];
  return [
    ...said.filter(({ type }) => type === "thinking"),
    ...(plan === "" ? [] : [{ type: "text" as const, text: plan }]),
    ...said.filter(({ type }) => type !== "thinking"),
    ...calls.map(toolUse),
  ];
}

const contents = (field: Field): Part[] =>
  typeof field.value === "string"
    ? [{ type: "text", text: field.value }]
    : field
        .items()
        .map((part) =>
          part.get("type").oneOf(["text", "thinking"]) === "text"
            ? { type: "text", text: part.get("text").string() }
            : { type: "thinking", text: part.get("thinking").string() },
        );

/** Texts and documents, the latter as their texts: nothing beside Cohere's models cites results. */
const resultParts = (content: Field): Part[] =>
  typeof content.value === "string"
    ? [{ type: "text", text: content.value }]
    : content.items().map((part) => {
        if (part.get("type").oneOf(["text", "document"]) === "text") {
          return { type: "text", text: part.get("text").string() };
        }
        const document = part.get("document");
        document.get("id");
        const { title, text } = textOf(document.get("data"));
        return { type: "text", text: title === undefined ? text : `${title}\n${text}` };
      });
