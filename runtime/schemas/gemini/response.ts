import { z } from "zod";

/**
 * Answers of Gemini's generateContent, whole or one piece of a stream, as far as the gateway reads
 * them. Loose: members that are not named here are new, or of no use to other protocols.
 */
const count = z.number().nullish();

const partSchema = z.object({
  text: z.string().nullish(),
  thought: z.boolean().nullish(),
  thoughtSignature: z.string().nullish(),
  functionCall: z
    .object({
      id: z.string().nullish(),
      name: z.string().nullish(),
      args: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
});
export type AnswerPart = z.infer<typeof partSchema>;

/** Offsets in bytes of UTF-8. */
const segmentSchema = z.object({
  startIndex: count,
  endIndex: count,
  text: z.string().nullish(),
});
export type Segment = z.infer<typeof segmentSchema>;

const placeSchema = z.object({ uri: z.string().nullish(), title: z.string().nullish() });
export type Place = z.infer<typeof placeSchema>;

const groundingSchema = z.object({
  groundingChunks: z
    .array(
      z.object({
        web: placeSchema.nullish(),
        maps: placeSchema.nullish(),
        /** Of a store of the user's own. */
        retrievedContext: placeSchema.nullish(),
      }),
    )
    .nullish(),
  groundingSupports: z
    .array(
      z.object({
        segment: segmentSchema.nullish(),
        groundingChunkIndices: z.array(z.number()).nullish(),
      }),
    )
    .nullish(),
});
export type Grounding = z.infer<typeof groundingSchema>;

/** What of the text was written elsewhere before. */
const recitationsSchema = z.object({
  citations: z.array(segmentSchema.extend(placeSchema.shape)).nullish(),
});
export type Recitations = z.infer<typeof recitationsSchema>;

const likelySchema = z.object({
  token: z.string().nullish(),
  logProbability: z.number().nullish(),
});
const logprobsSchema = z.object({
  chosenCandidates: z.array(likelySchema).nullish(),
  topCandidates: z.array(z.object({ candidates: z.array(likelySchema).nullish() })).nullish(),
});
export type Logprobs = z.infer<typeof logprobsSchema>;

const candidateSchema = z.object({
  index: z.number().nullish(),
  content: z.object({ parts: z.array(partSchema).nullish() }).nullish(),
  finishReason: z.string().nullish(),
  finishMessage: z.string().nullish(),
  groundingMetadata: groundingSchema.nullish(),
  citationMetadata: recitationsSchema.nullish(),
  logprobsResult: logprobsSchema.nullish(),
});
export type AnswerCandidate = z.infer<typeof candidateSchema>;

const usageSchema = z.object({
  promptTokenCount: count,
  toolUsePromptTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  cachedContentTokenCount: count,
  totalTokenCount: count,
  promptTokensDetails: z
    .array(z.object({ modality: z.string().nullish(), tokenCount: count }))
    .nullish(),
});
export type GeminiUsage = z.infer<typeof usageSchema>;

export const generateContentSchema = z.object({
  responseId: z.string().nullish(),
  modelVersion: z.string().nullish(),
  candidates: z.array(candidateSchema).nullish(),
  promptFeedback: z
    .object({ blockReason: z.string().nullish(), blockReasonMessage: z.string().nullish() })
    .nullish(),
  usageMetadata: usageSchema.nullish(),
});
export type GenerateContentAnswer = z.infer<typeof generateContentSchema>;
