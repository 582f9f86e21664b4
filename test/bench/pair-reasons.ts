import type { Pair } from "../contract/providers/exchange.ts";

/** What all others are held against, and how much more they may cost. */
export const REFERENCE = "chat-completions to AWSBedrock";
export const LIMIT = 1.5;

export const nameOf = ({ endpoint, provider }: Pair): string =>
  `${endpoint.id} to ${provider.meta.schema}`;

/** Why the streams of a provider cost more than that, whoever hears them; by schema. */
const REASONS: Readonly<Record<string, string>> = {
  GCPVertexAI:
    "its chunks have three times the bytes, counts in each, and calls come whole: each is several events",
  OpenAI: "its chunks have three times the bytes, nearly all the same in each",
  AzureOpenAI: "its chunks have three times the bytes, nearly all the same in each",
  AWSAnthropic: "its events are JSON in base64 in JSON",
};

export const reasonOf = ({ provider }: Pair): string | undefined => REASONS[provider.meta.schema];
