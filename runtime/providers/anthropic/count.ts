import { countedMembers } from "../../conversation/anthropic/count.ts";
import { jsonAnswer } from "../../tasks/read.ts";
import type { TaskProvider } from "../../tasks/task.ts";
import { encodeAnthropic } from "./conversation.ts";
import { anthropicPath } from "./passthrough.ts";

/** https://docs.anthropic.com/en/api/messages-count-tokens */
export const anthropicCount: TaskProvider<"count"> = {
  encode({ model, conversation }, context) {
    const { body, headers, dropped } = encodeAnthropic({ ...conversation, model }, context);
    return {
      path: anthropicPath(context.prefix, "messages/count_tokens"),
      body: Buffer.from(JSON.stringify(countedMembers(JSON.parse(body.toString("utf8"))))),
      headers,
      dropped,
    };
  },
  decode: (body) => ({ tokens: jsonAnswer(body).get("input_tokens").number() }),
};
