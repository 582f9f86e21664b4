import { countedMembers } from "../../conversation/anthropic/count.ts";
import { encodeMessagesRequest } from "../../conversation/anthropic/encode.ts";
import { jsonAnswer } from "../../tasks/read.ts";
import type { TaskProvider } from "../../tasks/task.ts";
import { PLATFORM, predictPath, VERSION } from "./wire.ts";

/** In the path in place of the model, which stands in the body here. */
const COUNTER = "count-tokens";
/** Names of versions that only generation knows. */
const ALIAS = /@(default|latest)$/;

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/count-tokens */
export const gcpAnthropicCount: TaskProvider<"count"> = {
  encode({ model, conversation }, { prefix, version }) {
    const { body, betas, dropped } = encodeMessagesRequest(
      { ...conversation, model: model.replace(ALIAS, "") },
      PLATFORM,
    );
    return {
      path: predictPath(prefix, COUNTER, false),
      body: Buffer.from(
        JSON.stringify({ anthropic_version: version ?? VERSION, ...countedMembers(body) }),
      ),
      headers: [
        ["content-type", "application/json"],
        ...(betas.length === 0 ? [] : [["anthropic-beta", betas.join(",")] as [string, string]]),
      ],
      dropped,
    };
  },
  decode: (body) => ({ tokens: jsonAnswer(body).get("input_tokens").number() }),
};
