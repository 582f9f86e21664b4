import { badRequest, unsupported } from "../../../lib/errors.ts";
import { present } from "../../../lib/present.ts";
import { aspectOf } from "../../../tasks/aspect.ts";
import type { ImagesRequest } from "../../../tasks/images.ts";
import { type Answer, jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { invocation } from "./invoke.ts";

/** One family of models: what its body is like, and why it drew nothing. */
interface Family {
  matches: RegExp;
  body(request: ImagesRequest): object;
  refusal(answer: Answer): string | undefined;
}

/**
 * https://docs.aws.amazon.com/nova/latest/userguide/image-gen-req-resp-structure.html and
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-image.html
 */
const amazon: Family = {
  matches: /amazon\.(nova-canvas|titan-image)/,
  body({ prompt, negativePrompt, count, size, quality, seed, format }) {
    if (format !== undefined && format !== "png") {
      throw unsupported("this model draws PNG alone", "output_format");
    }
    return {
      taskType: "TEXT_IMAGE",
      textToImageParams: { text: prompt, ...present({ negativeText: negativePrompt }) },
      imageGenerationConfig: {
        ...present({ numberOfImages: count, width: size?.width, height: size?.height, seed }),
        ...(quality === undefined ? {} : { quality: quality === "high" ? "premium" : "standard" }),
      },
    };
  },
  refusal: (answer) => answer.get("error").text(),
};

const STABILITY_RATIOS = ["1:1", "16:9", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21"];

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-stability-diffusion.html */
const stability: Family = {
  matches: /stability\.(sd3|stable-image)/,
  body({ prompt, negativePrompt, count = 1, size, seed, format }) {
    if (count > 1) throw unsupported("this model draws one picture a request: set n to 1", "n");
    return {
      prompt,
      mode: "text-to-image",
      ...present({
        negative_prompt: negativePrompt,
        aspect_ratio: aspectOf(size, STABILITY_RATIOS),
        output_format: format,
        seed,
      }),
    };
  },
  refusal: (answer) => {
    const { value } = answer.get("finish_reasons");
    return Array.isArray(value) ? value.find((reason) => typeof reason === "string") : undefined;
  },
};

const FAMILIES = [amazon, stability];

/** Pictures by `InvokeModel`. */
export const bedrockImages: TaskProvider<"images"> = {
  encode(request) {
    const dropped = new Set(request.unknown);
    if (request.compression !== undefined) dropped.add("output_compression");
    const family = familyOf(request);
    if (request.quality !== undefined && family === stability) dropped.add("quality");
    return invocation(request.model, family.body(request), dropped);
  },
  decode(body, request) {
    const answer = jsonAnswer(body);
    const refusal = familyOf(request).refusal(answer);
    if (refusal !== undefined) throw badRequest(`the model drew nothing: ${refusal}`, "prompt");
    const images = answer.get("images").items();
    return { images: images.map((image) => ({ base64: image.string() })) };
  },
};

function familyOf({ model }: ImagesRequest): Family {
  const family = FAMILIES.find(({ matches }) => matches.test(model));
  if (family !== undefined) return family;
  throw unsupported(
    `${model} is no image model of AWS Bedrock that this gateway knows: its name must tell Nova Canvas, Titan Image or Stability`,
    "model",
  );
}
