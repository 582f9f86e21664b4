import { jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { encodeAnthropic } from "../conversation.ts";
import { anthropicPath } from "../passthrough.ts";

/** Members of a message request that counting takes as well; it refuses all others. */
const COUNTED = [
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "context_management",
  "mcp_servers",
];

/** https://docs.anthropic.com/en/api/messages-count-tokens */
export const anthropicCount: TaskProvider<"count"> = {
  encode({ model, conversation }, context) {
    const { body, headers, dropped } = encodeAnthropic({ ...conversation, model }, context);
    const request = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    const counted = COUNTED.flatMap((name) =>
      request[name] === undefined ? [] : [[name, request[name]]],
    );
    return {
      path: anthropicPath(context.prefix, "messages/count_tokens"),
      body: Buffer.from(JSON.stringify(Object.fromEntries(counted))),
      headers,
      dropped,
    };
  },
  decode: (body) => ({ tokens: jsonAnswer(body).get("input_tokens").number() }),
};
