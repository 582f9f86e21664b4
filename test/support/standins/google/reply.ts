import { jsonReply, type Reply } from "../reply.ts";
import { googleDialect } from "./errors.ts";
import { parseMessage } from "./published.ts";

/** An answer that is what Google publishes. */
export const publishedReply = (message: string, body: object): Reply => {
  parseMessage(message, body);
  return jsonReply(googleDialect, body, { "content-type": "application/json; charset=UTF-8" });
};
