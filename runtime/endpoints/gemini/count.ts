import { present } from "../../lib/present.ts";
import type { TaskEndpoint } from "../../tasks/task.ts";
import { Field } from "../field.ts";
import { decodeContentRequest } from "./decode.ts";
import { member } from "./members.ts";
import type { GeminiBody } from "./parse.ts";

/** Contents alone, or a whole request of generateContent. https://ai.google.dev/api/tokens */
export const geminiCountTask: TaskEndpoint<GeminiBody, "count"> = {
  name: "count",
  decode({ model, body }) {
    const root = new Field(body.json);
    const whole = member(root, "generateContentRequest");
    const asked = whole.absent ? root : whole;
    const conversation = decodeContentRequest(asked, model, false);
    return { model, conversation, ...present({ lost: conversation.lost }) };
  },
  encode: ({ tokens }) => ({ totalTokens: tokens }),
};
