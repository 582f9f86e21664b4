/**
 * The vendors' own SDK types as what travels: bytes as base64, members of enums as their values, and
 * without what an SDK adds by itself. By the names that `golden.ts` gives to what the cases hold.
 */

import type Anthropic from "@anthropic-ai/sdk";
import type { MessageCreateParams } from "@anthropic-ai/sdk/resources/messages";
import type {
  ConverseCommandInput,
  CountTokensCommandInput,
} from "@aws-sdk/client-bedrock-runtime";
import type {
  Candidate,
  CountTokensResponse,
  GenerateContentResponsePromptFeedback,
  GenerateContentResponseUsageMetadata,
} from "@google/genai";
import type OpenAI from "openai";

type Wire<T> = T extends Uint8Array
  ? string
  : T extends string
    ? `${T}`
    : T extends readonly (infer Item)[]
      ? Wire<Item>[]
      : T extends object
        ? { [Key in keyof T]: Wire<T[Key]> }
        : T;

/** What servers like OpenAI's add to messages, and their clients read: thinking, sealed or not. */
interface Thoughts {
  reasoning_content?: string;
  thinking_blocks?: (
    | { index?: number; type: "thinking"; thinking?: string; signature?: string }
    | { index?: number; type: "redacted_thinking"; data: string }
  )[];
}
/** The name that gateways had for `cache_write_tokens` before OpenAI had one. */
interface CacheWrites {
  prompt_tokens_details?: { cache_creation_input_tokens?: number };
}
/** Not in OpenAI's list, but any word of that list would be untrue. */
type FinishReason<Known> = Known | "error";

type Choice = OpenAI.ChatCompletion.Choice;
type ChunkChoice = OpenAI.ChatCompletionChunk.Choice;

interface Chat extends Omit<OpenAI.ChatCompletion, "choices" | "usage"> {
  usage?: OpenAI.CompletionUsage & CacheWrites;
  choices: (Omit<Choice, "message" | "finish_reason"> & {
    message: OpenAI.ChatCompletionMessage & Thoughts;
    finish_reason: FinishReason<Choice["finish_reason"]>;
  })[];
}

interface ChatChunk extends Omit<OpenAI.ChatCompletionChunk, "choices" | "usage"> {
  usage?: (OpenAI.CompletionUsage & CacheWrites) | null;
  choices: (Omit<ChunkChoice, "delta" | "finish_reason"> & {
    delta: ChunkChoice["delta"] &
      Thoughts & { annotations?: OpenAI.ChatCompletionMessage.Annotation[] };
    finish_reason: FinishReason<ChunkChoice["finish_reason"]>;
  })[];
}

interface Completion extends Omit<OpenAI.Completion, "choices" | "usage"> {
  usage?: (OpenAI.CompletionUsage & CacheWrites) | null;
  choices: (Omit<OpenAI.CompletionChoice, "finish_reason"> & {
    /** Null in the midst of streams, which the type leaves out. */
    finish_reason: OpenAI.CompletionChoice["finish_reason"] | null;
  })[];
}

interface Content {
  candidates?: Wire<Candidate>[];
  usageMetadata?: Wire<GenerateContentResponseUsageMetadata>;
  promptFeedback?: Wire<GenerateContentResponsePromptFeedback>;
  modelVersion?: string;
  responseId?: string;
}

/** Claude on clouds has the model in the path, and its version, and there its betas, in the body. */
type ClaudeOnCloud = Omit<MessageCreateParams, "model"> &
  Sampling & {
    anthropic_version: string;
    anthropic_beta?: string[];
  };

/** Models before Opus 4.7 take these, which the type leaves out. */
interface Sampling {
  temperature?: number;
  top_p?: number;
  top_k?: number;
}

type ChatMessage = OpenAI.ChatCompletionMessageParam;
/** Other servers that speak this protocol take their thinking back. */
type ChatRequest = Omit<OpenAI.ChatCompletionCreateParams, "messages"> & {
  messages: (ChatMessage | (OpenAI.ChatCompletionAssistantMessageParam & Thoughts))[];
  thinking?: object;
};

/** OpenAI's own answers have null where the type has nothing. */
type Response = Omit<OpenAI.Responses.Response, "output_text" | "user" | "usage"> & {
  user: string | null;
  usage: OpenAI.Responses.ResponseUsage | null;
  /** Documented, and not in the type. */
  store: boolean;
};
type ResponseEvent = OpenAI.Responses.ResponseStreamEvent extends infer Event
  ? Event extends { response: OpenAI.Responses.Response }
    ? Omit<Event, "response"> & { response: Response }
    : Event
  : never;

/** Base64 where it is asked for. */
type Embeddings = Omit<OpenAI.CreateEmbeddingResponse, "data"> & {
  data: (Omit<OpenAI.Embedding, "embedding"> & { embedding: number[] | string })[];
};

export interface WireTypes {
  "OpenAI request": ChatRequest;
  "Anthropic request": MessageCreateParams & Sampling;
  "cloud request": ClaudeOnCloud;
  "Bedrock request": Wire<Omit<ConverseCommandInput, "modelId">>;
  "Bedrock count": Wire<Omit<CountTokensCommandInput, "modelId">>;
  "chat answer": Chat;
  "chat event": ChatChunk;
  "completion answer": Completion;
  "message answer": Anthropic.Message;
  "message event": Anthropic.RawMessageStreamEvent;
  "response answer": Response;
  "response event": ResponseEvent;
  "content answer": Content;
  "embeddings answer": Embeddings;
  "images answer": OpenAI.ImagesResponse;
  "message count": Anthropic.MessageTokensCount;
  "content count": Omit<Wire<CountTokensResponse>, "sdkHttpResponse">;
}
