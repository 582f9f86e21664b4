import type { Conversation } from "../../conversation/conversation.ts";
import { unprocessable, unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { CountRequest } from "../../tasks/count.ts";
import type { TaskEndpoint } from "../../tasks/task.ts";
import { decodeChatRequest } from "../chat-completions/decode.ts";
import type { ParsedRequest } from "../endpoint.ts";
import { Field } from "../field.ts";
import { decodeMessages } from "../messages/decode.ts";
import type { JsonBody } from "../request-body.ts";
import { decodeResponsesRequest } from "../responses/decode.ts";

/** https://docs.anthropic.com/en/api/messages-count-tokens */
export const messagesCountTask: TaskEndpoint<JsonBody, "count"> = {
  name: "count",
  decode(request) {
    // A count has no answer, which messages need a limit for.
    const body = { ...request.body, max_tokens: 1 };
    const { maxTokens: _, ...conversation } = decodeMessages({ ...request, stream: false, body });
    return counted(conversation);
  },
  encode: ({ tokens }) => ({ input_tokens: tokens }),
};

const counted = (conversation: Conversation): CountRequest => ({
  model: conversation.model,
  conversation,
  ...present({ lost: conversation.lost }),
});

/** https://platform.openai.com/docs/api-reference/responses/input-tokens */
export const responsesCountTask: TaskEndpoint<JsonBody, "count"> = {
  name: "count",
  decode: (request) => counted(decodeResponsesRequest({ ...request, stream: false })),
  encode: ({ tokens }) => ({ object: "response.input_tokens", input_tokens: tokens }),
};

/** How vLLM fills a chat template, which providers that count do in ways of their own. */
const TEMPLATE_FIELDS = [
  "add_generation_prompt",
  "add_special_tokens",
  "chat_template",
  "chat_template_kwargs",
  "continue_final_message",
  "mm_processor_kwargs",
];

/** vLLM's tokenizer, for providers that count tokens without showing them. */
export const tokenizeTask: TaskEndpoint<JsonBody, "count"> = {
  name: "count",
  decode(request) {
    const root = new Field(request.body);
    if (root.get("return_token_strs").value === true) {
      throw unsupported("this provider counts tokens, but does not show them", "return_token_strs");
    }
    const conversation = conversationOf(request, root);
    const templated = TEMPLATE_FIELDS.filter((name) => !root.get(name).absent);
    const lost = [...(conversation.lost ?? []), ...templated];
    return { ...counted(conversation), ...(lost.length === 0 ? {} : { lost }) };
  },
  encode: ({ tokens }) => ({ count: tokens }),
};

function conversationOf(request: ParsedRequest<JsonBody>, root: Field): Conversation {
  const prompt = root.get("prompt");
  const { model } = request;
  if (!root.get("messages").absent) {
    if (!prompt.absent)
      throw unprocessable("prompt: either prompt or messages is needed", "prompt");
    const { return_token_strs: _, ...body } = request.body;
    const known = Object.entries(body).filter(([name]) => !TEMPLATE_FIELDS.includes(name));
    return decodeChatRequest({ model, stream: false, body: Object.fromEntries(known) });
  }
  const content = [{ type: "text" as const, text: prompt.string() }];
  return {
    model,
    stream: false,
    system: [],
    turns: [{ role: "user", content }],
    tools: [],
    vendor: {},
  };
}
