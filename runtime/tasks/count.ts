import type { Conversation } from "../conversation/conversation.ts";
import type { TaskAnswer, TaskRequest } from "./common.ts";

/** How many tokens would this conversation be? */
export interface CountRequest extends TaskRequest {
  conversation: Conversation;
}

/** Counting is free: the count is no usage. */
export interface TokenCount extends TaskAnswer {
  tokens: number;
}
