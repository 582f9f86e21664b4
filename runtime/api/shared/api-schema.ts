import { z } from "zod";
import { named } from "../schema/names.ts";

export const versionedApiSchema = named(
  "VersionedAPISchema",
  z
    .object({
      name: z
        .enum([
          "OpenAI",
          "Cohere",
          "AWSBedrock",
          "AzureOpenAI",
          "GCPVertexAI",
          "GCPAnthropic",
          "Anthropic",
          "AWSAnthropic",
        ])
        .describe("The API that the backend speaks."),
      version: z
        .string()
        .describe(
          "API version: the `api-version` parameter of AzureOpenAI, the `anthropic_version` of AWSAnthropic and GCPAnthropic. A default where left out.",
        )
        .optional(),
      prefix: z
        .string()
        .describe(
          "Start of the path for OpenAI and Anthropic, with or without a leading slash: with `v1beta/openai`, chat completions go to `/v1beta/openai/chat/completions`. `v1` where left out.",
        )
        .optional(),
    })
    .describe("An API and its variant."),
);
