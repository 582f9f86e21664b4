import type { ConversationProvider } from "../../conversation/codec.ts";
import type { ConversationEndpoint, ParsedRequest } from "../../endpoints/endpoint.ts";
import { spliceObject } from "../../lib/json-splice.ts";
import type { Exchange } from "./exchange.ts";
import type { Lane } from "./lane.ts";
import { translatedAnswer } from "./translated-answer.ts";
import { translatedError } from "./translated-error.ts";

/**
 * An attempt whose provider speaks another protocol: the request goes through the internal form.
 * @throws {UserError} when the client's request is wrong, or cannot be carried out by this provider.
 */
export function conversationExchange(
  lane: Lane,
  endpoint: ConversationEndpoint<unknown>,
  provider: ConversationProvider,
  request: ParsedRequest,
): Exchange {
  const decoded = endpoint.decode(request);
  const conversation =
    lane.program.model === undefined ? decoded : { ...decoded, model: lane.program.model };
  const upstream = provider.encode(conversation, lane.context);
  return {
    model: conversation.model,
    path: upstream.path,
    headers: upstream.headers,
    body: lane.bodyEdit === undefined ? upstream.body : spliceObject(upstream.body, lane.bodyEdit),
    dropped: [...upstream.dropped, ...(conversation.lost ?? [])],
    answer(head) {
      if (head.status >= 400) return translatedError(lane, head);
      return translatedAnswer({
        endpoint: lane.endpoint,
        request,
        decoder: provider.decoder(conversation),
        encoder: endpoint.encoder(request, {
          stream: request.stream,
          created: head.unixTime(),
          id: head.newId(),
        }),
        streaming: request.stream,
        maxBytes: head.maxBytes,
      });
    },
  };
}
