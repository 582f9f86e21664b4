import { badRequest, unsupported } from "../../../lib/errors.ts";
import { present } from "../../../lib/present.ts";
import { aspectOf } from "../../../tasks/aspect.ts";
import { jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { modelRequest } from "./request.ts";

const RATIOS = ["1:1", "3:4", "4:3", "9:16", "16:9"];
/** Pixels of the longer side from which on the larger of two sizes is drawn. */
const LARGE = 1536;

/**
 * Imagen by `:predict`.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api
 */
export const vertexImages: TaskProvider<"images"> = {
  encode(request, context) {
    const { model, prompt, negativePrompt, count, size, quality, format, compression } = request;
    if (format === "webp") throw unsupported("this provider draws PNG and JPEG", "output_format");
    const dropped = new Set(request.unknown);
    if (quality !== undefined) dropped.add("quality");
    // A seed needs pictures without Google's watermark.
    if (request.seed !== undefined) dropped.add("seed");
    const parameters = present({
      sampleCount: count ?? 1,
      aspectRatio: aspectOf(size, RATIOS),
      sampleImageSize:
        size !== undefined && Math.max(size.width, size.height) > LARGE ? "2K" : undefined,
      negativePrompt,
      outputOptions:
        format === undefined
          ? undefined
          : present({
              mimeType: `image/${format}`,
              compressionQuality: format === "jpeg" ? compression : undefined,
            }),
    });
    return modelRequest(
      context,
      model,
      "predict",
      { instances: [{ prompt }], parameters },
      dropped,
    );
  },
  decode(body) {
    const { value } = jsonAnswer(body).get("predictions");
    // Where every picture is filtered, there may be no member at all.
    const predictions = value === undefined ? [] : jsonAnswer(body).get("predictions").items();
    const images = predictions.flatMap((prediction) => {
      const base64 = prediction.get("bytesBase64Encoded").text();
      const revisedPrompt = prediction.get("prompt").text();
      return base64 === undefined ? [] : [{ base64, ...present({ revisedPrompt }) }];
    });
    if (images.length > 0) return { images };
    const reason = predictions[0]?.get("raiFilteredReason").text() ?? "its filters stopped it";
    throw badRequest(`the model drew nothing: ${reason}`, "prompt");
  },
};
