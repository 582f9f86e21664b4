import { encodeMessagesRequest } from "../../conversation/anthropic/encode.ts";
import { modelPath, withoutGeography } from "../../schemas/bedrock/path.ts";
import { jsonAnswer } from "../../tasks/read.ts";
import type { TaskProvider } from "../../tasks/task.ts";
import { PLATFORM, VERSION } from "./wire.ts";

/**
 * What `InvokeModel` would be given, counted by `CountTokens`: the whole request, which it judges as
 * such (`max_tokens` included), in base64; and of a model, since it knows no inference profiles.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
 */
export const awsAnthropicCount: TaskProvider<"count"> = {
  encode({ model, conversation }, { version }) {
    const encoded = encodeMessagesRequest({ ...conversation, model, stream: false }, PLATFORM);
    const { model: _, ...request } = encoded.body;
    const { betas, dropped } = encoded;
    const invoked = JSON.stringify({
      anthropic_version: version ?? VERSION,
      ...(betas.length === 0 ? {} : { anthropic_beta: betas }),
      ...request,
    });
    const body = Buffer.from(invoked).toString("base64");
    return {
      path: modelPath(withoutGeography(model), "count-tokens"),
      body: Buffer.from(JSON.stringify({ input: { invokeModel: { body } } })),
      headers: [["content-type", "application/json"]],
      dropped,
    };
  },
  decode: (body) => ({ tokens: jsonAnswer(body).get("inputTokens").number() }),
};
