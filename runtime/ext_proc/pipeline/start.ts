import { conversationExchange } from "./conversation.ts";
import type { Exchange } from "./exchange.ts";
import type { Lane } from "./lane.ts";
import { type PassthroughRequest, passthroughExchange } from "./passthrough.ts";
import { taskExchange } from "./task.ts";

/**
 * The attempt that a lane makes of a client's request.
 * @throws {UserError} when the request is wrong, or cannot be carried out by this provider.
 */
export function startExchange(lane: Lane, request: PassthroughRequest): Exchange {
  const { way } = lane;
  if (way.kind === "passthrough") return passthroughExchange(lane, way.passthrough, request);
  if (request.body === undefined) throw new Error("a translation needs the request's body");
  const { path, model, contentType, headers } = request;
  const parsed = lane.endpoint.parse(request.body, { path, model, contentType, headers });
  if (way.kind === "task") return taskExchange(lane, way.endpoint, way.provider, parsed);
  return conversationExchange(lane, way.endpoint, way.provider, parsed);
}
