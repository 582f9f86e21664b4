import { modelPath, withoutGeography } from "../../../schemas/bedrock/path.ts";
import { jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { encodeConverse } from "../encode.ts";

/** Members of a Converse request that are counted. */
const COUNTED = ["messages", "system", "toolConfig", "additionalModelRequestFields"];

/**
 * What Converse would read, counted by `CountTokens`, which knows models and no inference profiles.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
 */
export const bedrockCount: TaskProvider<"count"> = {
  encode({ model, conversation }) {
    const { body, headers, dropped } = encodeConverse({ ...conversation, model });
    const request = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    const converse = Object.fromEntries(
      COUNTED.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]]])),
    );
    return {
      path: modelPath(withoutGeography(model), "count-tokens"),
      body: Buffer.from(JSON.stringify({ input: { converse } })),
      headers,
      dropped: conversation.outputFormat === undefined ? dropped : [...dropped, "response_format"],
    };
  },
  decode: (body) => ({ tokens: jsonAnswer(body).get("inputTokens").number() }),
};
