import { present } from "../../../lib/present.ts";
import { jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { encodeGenerateContent } from "../encode.ts";
import { modelRequest } from "./request.ts";

/**
 * What `generateContent` would read, counted.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens
 */
export const vertexCount: TaskProvider<"count"> = {
  encode({ model, conversation }, context) {
    const { body, dropped } = encodeGenerateContent({ ...conversation, model });
    const { contents, systemInstruction, tools } = body;
    const { toolChoice, outputFormat, reasoning } = conversation;
    const uncounted = Object.keys(
      present({ tool_choice: toolChoice, response_format: outputFormat, reasoning }),
    );
    const counted = {
      contents,
      ...(systemInstruction === undefined ? {} : { systemInstruction }),
      ...(tools === undefined ? {} : { tools }),
    };
    return modelRequest(context, model, "countTokens", counted, [
      ...new Set([...dropped, ...uncounted]),
    ]);
  },
  decode: (body) => ({ tokens: jsonAnswer(body).get("totalTokens").number() }),
};
