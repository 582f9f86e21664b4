import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { ImagesRequest } from "../../tasks/images.ts";
import type { TaskEndpoint } from "../../tasks/task.ts";
import { Field } from "../field.ts";
import type { JsonBody } from "../request-body.ts";
import { unknownFields } from "./unknown.ts";

const KNOWN = [
  "model",
  "prompt",
  "n",
  "size",
  "quality",
  "background",
  "output_format",
  "output_compression",
  "response_format",
  "stream",
  "negative_prompt",
  "seed",
];

/** `negative_prompt` and `seed` are no fields of OpenAI's, but of most other vendors. */
export const imagesTask: TaskEndpoint<JsonBody, "images"> = {
  name: "images",
  decode({ model, stream, body }): ImagesRequest {
    const root = new Field(body);
    if (stream) throw unsupported("this provider does not stream pictures", "stream");
    if (root.get("response_format").value === "url") {
      throw unsupported(
        "this provider gives pictures, not addresses: ask for b64_json",
        "response_format",
      );
    }
    if (root.get("background").value === "transparent") {
      throw unsupported("this provider's pictures have a background", "background");
    }
    const integer = (name: string, least: number) =>
      root.get(name).optional((field) => field.integer(least));
    return {
      model,
      prompt: root.get("prompt").nonEmptyString(),
      ...present({
        negativePrompt: root.get("negative_prompt").optional((field) => field.string()),
        count: integer("n", 1),
        size: root.get("size").optional(sizeOf),
        quality: root.get("quality").optional((field) => QUALITIES[field.oneOf(QUALITY_NAMES)]),
        format: root.get("output_format").optional((field) => field.oneOf(["png", "jpeg", "webp"])),
        compression: integer("output_compression", 0),
        seed: integer("seed", 0),
      }),
      unknown: unknownFields(body, KNOWN),
    };
  },
  encode: ({ images, usage }, _, { created }) => ({
    created,
    data: images.map(({ base64, revisedPrompt }) => ({
      b64_json: base64,
      ...present({ revised_prompt: revisedPrompt }),
    })),
    ...(usage === undefined
      ? {}
      : {
          usage: {
            input_tokens: usage.inputTokens ?? 0,
            output_tokens: usage.outputTokens ?? 0,
            total_tokens: usage.totalTokens ?? (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0),
          },
        }),
  }),
};

const QUALITY_NAMES = ["auto", "low", "medium", "standard", "high", "hd"] as const;
const QUALITIES = {
  auto: undefined,
  low: "standard",
  medium: "standard",
  standard: "standard",
  high: "high",
  hd: "high",
} as const;

/** `1024x1536`; `auto` leaves it to the model. */
function sizeOf(field: Field): ImagesRequest["size"] {
  if (field.value === "auto") return undefined;
  const [, width, height] = /^([1-9]\d{1,4})x([1-9]\d{1,4})$/.exec(field.string()) ?? [];
  if (width === undefined || height === undefined) throw field.wrong("WIDTHxHEIGHT or auto");
  return { width: Number(width), height: Number(height) };
}
