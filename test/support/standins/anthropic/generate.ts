import { jsonReply, type Reply } from "../reply.ts";
import { answer, inputTokens } from "../script.ts";
import type { PromptCache } from "./cache.ts";
import { checkConversation } from "./conversation.ts";
import { anthropicDialect } from "./errors.ts";
import { type Generated, messageBody, messageEvents } from "./message.ts";
import { checkOptions, checkPromptOptions, checkVersion } from "./options.ts";
import { segments, toPrompt } from "./prompt.ts";
import { countRequest, messagesRequest } from "./schema.ts";
import { validate } from "./validate.ts";

/**
 * What Claude answers to the body of a request for a message, on Anthropic's own API and, given the
 * model that stands elsewhere there, on the clouds.
 *
 * @param version of the API: checks what newer ones took away
 * @throws {AnthropicError}
 */
export function generateMessage(
  body: unknown,
  { id, version, cache }: { id: string; version: string; cache: PromptCache },
): Generated {
  const request = validate(messagesRequest, body);
  checkVersion(request, version);
  checkOptions(request);
  checkConversation(request);
  return {
    id,
    request,
    answer: answer(toPrompt(request)),
    input: cache.count(segments(request)),
  };
}

/** Whole, or as server-sent events where the request asks for them. */
export const messageReply = (generated: Generated): Reply =>
  generated.request.stream
    ? {
        status: 200,
        headers: {
          "content-type": "text/event-stream; charset=utf-8",
          "cache-control": "no-cache",
        },
        events: messageEvents(generated),
        streamed: true,
        dialect: anthropicDialect,
      }
    : jsonReply(anthropicDialect, messageBody(generated));

/** The answer to a request to count. @throws {AnthropicError} */
export function countMessage(body: unknown, version: string): { input_tokens: number } {
  const request = validate(countRequest, body);
  checkVersion(request, version);
  checkPromptOptions(request);
  checkConversation(request);
  const all = segments(request);
  return {
    input_tokens: inputTokens({
      texts: all.map(({ text }) => text),
      images: all.reduce((sum, { images }) => sum + images, 0),
    }),
  };
}
