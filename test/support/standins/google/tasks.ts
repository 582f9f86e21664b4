import * as z from "zod";
import { PICTURE, vector } from "../openai/tasks.ts";
import type { Reply } from "../reply.ts";
import { tokens } from "../script.ts";
import { relevance } from "../vllm/server.ts";
import { refuse } from "./errors.ts";
import type { Content } from "./messages.ts";
import { parseMessage } from "./published.ts";
import { publishedReply as reply } from "./reply.ts";

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api */
const embedInstances = z.strictObject({
  instances: z
    .array(
      z.strictObject({
        content: z.string().min(1),
        task_type: z
          .enum([
            "RETRIEVAL_QUERY",
            "RETRIEVAL_DOCUMENT",
            "SEMANTIC_SIMILARITY",
            "CLASSIFICATION",
            "CLUSTERING",
            "QUESTION_ANSWERING",
            "FACT_VERIFICATION",
            "CODE_RETRIEVAL_QUERY",
          ])
          .optional(),
        title: z.string().optional(),
      }),
    )
    .min(1)
    .max(250),
  parameters: z
    .strictObject({
      autoTruncate: z.boolean().optional(),
      outputDimensionality: z.int().min(1).optional(),
    })
    .optional(),
});

export function embed(body: unknown): Reply {
  parseMessage("PredictRequest", body);
  const { instances, parameters } = checked(embedInstances, body);
  const predictions = instances.map(({ content }) => ({
    embeddings: {
      values: vector(content, parameters?.outputDimensionality),
      statistics: { token_count: tokens(content), truncated: false },
    },
  }));
  return reply("PredictResponse", { predictions });
}

export function embedContent(body: unknown): Reply {
  const { content, embedContentConfig } = parseMessage<{
    content?: Content;
    embedContentConfig?: { outputDimensionality?: number };
  }>("EmbedContentRequest", body);
  const text = (content?.parts ?? []).map((part) => part.text ?? "").join("");
  if (text === "") refuse("content is required");
  return reply("EmbedContentResponse", {
    embedding: { values: vector(text, embedContentConfig?.outputDimensionality) },
    usageMetadata: { promptTokenCount: tokens(text), totalTokenCount: tokens(text) },
  });
}

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api */
const imagenRequest = z.strictObject({
  instances: z.array(z.strictObject({ prompt: z.string().min(1) })).length(1),
  parameters: z.strictObject({
    sampleCount: z.int().min(1).max(4).optional(),
    aspectRatio: z.enum(["1:1", "3:4", "4:3", "9:16", "16:9"]).optional(),
    sampleImageSize: z.enum(["1K", "2K"]).optional(),
    negativePrompt: z.string().optional(),
    addWatermark: z.boolean().optional(),
    enhancePrompt: z.boolean().optional(),
    includeRaiReason: z.boolean().optional(),
    includeSafetyAttributes: z.boolean().optional(),
    language: z.string().optional(),
    personGeneration: z.enum(["dont_allow", "allow_adult", "allow_all"]).optional(),
    safetySetting: z.string().optional(),
    seed: z.int().min(1).optional(),
    storageUri: z.string().optional(),
    outputOptions: z
      .strictObject({
        mimeType: z.enum(["image/png", "image/jpeg"]).optional(),
        compressionQuality: z.int().min(0).max(100).optional(),
      })
      .optional(),
  }),
});

export function draw(body: unknown): Reply {
  parseMessage("PredictRequest", body);
  const { instances, parameters } = checked(imagenRequest, body);
  if (instances[0]?.prompt.includes("violence")) {
    const raiFilteredReason = "The prompt could not be submitted: it violates Google's policy.";
    return reply("PredictResponse", { predictions: [{ raiFilteredReason }] });
  }
  const picture = { mimeType: "image/png", bytesBase64Encoded: PICTURE };
  return reply("PredictResponse", {
    predictions: Array.from({ length: parameters.sampleCount ?? 4 }, () => picture),
  });
}

interface RankRequest {
  model?: string;
  query?: string;
  topN?: number;
  records?: { id?: string; content?: string; title?: string }[];
}

export function rank(body: unknown): Reply {
  const { query = "", records = [], topN } = parseMessage<RankRequest>("RankRequest", body);
  if (records.length === 0) refuse("records: at least one is required");
  const ranked = records
    .map(({ id, content = "" }) => ({ id, score: relevance(query, content) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, topN ?? records.length)
    // As protobuf has it, a score of 0 is left out.
    .map(({ id, score }) => ({ id, ...(score === 0 ? {} : { score }) }));
  return reply("RankResponse", { records: ranked });
}

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  return result.success ? result.data : refuse(z.prettifyError(result.error));
}
