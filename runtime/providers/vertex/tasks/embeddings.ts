import { unsupported } from "../../../lib/errors.ts";
import { present } from "../../../lib/present.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../tasks/embeddings.ts";
import { jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { modelRequest } from "./request.ts";

/** Newer models have a method of their own; `gemini-embedding-001` is none of them. */
const embedsContent = (model: string): boolean => /gemini-embedding-(?!001$)/.test(model);

/**
 * `:predict` takes a batch, `:embedContent` one content.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api
 */
export const vertexEmbeddings: TaskProvider<"embeddings"> = {
  encode(request, context) {
    const { model, inputs, dimensions, unknown } = request;
    const autoTruncate = truncates(request);
    if (embedsContent(model)) {
      const [input, ...others] = inputs;
      if (input === undefined || others.length > 0) {
        throw unsupported("this model takes one text a request: send them one by one", "input");
      }
      const config = present({
        outputDimensionality: dimensions,
        taskType: input.purpose,
        title: input.title,
        autoTruncate,
      });
      const body = {
        content: { parts: [{ text: input.text }] },
        ...(Object.keys(config).length === 0 ? {} : { embedContentConfig: config }),
      };
      return modelRequest(context, model, "embedContent", body, unknown);
    }
    const parameters = present({ outputDimensionality: dimensions, autoTruncate });
    const body = {
      instances: inputs.map(({ text, purpose, title }) => ({
        content: text,
        ...present({ task_type: purpose, title: titled(purpose, title) }),
      })),
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    };
    const untitled = inputs.some((it) => it.title !== titled(it.purpose, it.title));
    return modelRequest(
      context,
      model,
      "predict",
      body,
      untitled ? [...unknown, "title"] : unknown,
    );
  },
  decode: (body, { model }) => (embedsContent(model) ? readContent(body) : readPredictions(body)),
};

/** Titles are for documents alone; elsewhere Vertex refuses them. */
const titled = (purpose: string | undefined, title: string | undefined): string | undefined =>
  purpose === "RETRIEVAL_DOCUMENT" ? title : undefined;

function truncates({ truncate }: EmbeddingsRequest): boolean | undefined {
  if (truncate === "start") throw unsupported("this provider cuts texts at their end", "truncate");
  return truncate === undefined ? undefined : truncate === "end";
}

function readPredictions(body: Buffer): EmbeddingsAnswer {
  const embeddings = jsonAnswer(body)
    .get("predictions")
    .items()
    .map((prediction) => prediction.get("embeddings"));
  const counts = embeddings.map((it) => it.get("statistics").get("token_count").count());
  const known = counts.filter((count) => count !== undefined);
  return {
    vectors: embeddings.map((embedding) => embedding.get("values").numbers()),
    ...counted(known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0)),
  };
}

function readContent(body: Buffer): EmbeddingsAnswer {
  const answer = jsonAnswer(body);
  return {
    vectors: [answer.get("embedding").get("values").numbers()],
    ...counted(answer.get("usageMetadata").get("promptTokenCount").count()),
  };
}

const counted = (inputTokens: number | undefined): Pick<EmbeddingsAnswer, "usage"> =>
  inputTokens === undefined ? {} : { usage: { inputTokens, totalTokens: inputTokens } };
