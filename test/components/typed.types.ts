/**
 * What TypeScript refuses before anything runs. Nothing here is executed: `tsc` fails where a line
 * that should be refused is not, or one that should pass is.
 */
import { output, secret } from "@pulumi/pulumi";
import {
  AiGateway,
  anthropic,
  azureOpenai,
  bedrock,
  compatible,
  openai,
  openaiCompatible,
  vertexAi,
} from "../../components/typed/index.ts";

const backends = {
  openai: openai({ apiKey: secret("key") }),
  claude: anthropic({ secretName: "anthropic-key" }),
  nova: bedrock({ region: "us-east-1" }),
};

export const accepted = [
  () =>
    new AiGateway("ai", {
      backends,
      routes: { chat: { rules: [{ backends: [{ backend: "openai" }] }] } },
    }),
  () =>
    new AiGateway("ai", {
      backends: {
        inline: { schema: "OpenAI", host: output("api.example.com"), apiKey: { value: "x" } },
        nova: bedrock({ region: "us-east-1", accessKeyId: "id", secretAccessKey: "key" }),
      },
      routes: {
        chat: {
          rules: [
            {
              models: ["a", output("b")],
              backends: [{ backend: "inline" }, { backend: "nova", priority: 1, weight: 2 }],
              endpoints: ["chat-completions", "messages"],
            },
          ],
          limits: [{ tokens: 10, per: "Hour", perHeader: "x-user-id" }],
        },
      },
      quotas: { nova: { backends: ["nova"], total: { tokens: 5, per: "1h" } } },
    }),
];

export const names = [
  () =>
    new AiGateway("ai", {
      backends,
      // @ts-expect-error there is no backend of that name
      routes: { chat: { rules: [{ models: ["gpt"], backends: [{ backend: "opnai" }] }] } },
    }),
  () =>
    new AiGateway("ai", {
      backends,
      routes: { chat: { rules: [{ backends: [{ backend: "openai" }] }] } },
      // @ts-expect-error a quota names backends too
      quotas: { q: { backends: ["opnai"], total: { tokens: 5, per: "1h" } } },
    }),
  () =>
    new AiGateway("ai", {
      backends,
      // @ts-expect-error a misspelt field
      routes: { chat: { rules: [{ model: ["gpt"], backends: [{ backend: "openai" }] }] } },
    }),
  () =>
    new AiGateway("ai", {
      backends,
      // @ts-expect-error an endpoint that does not exist
      routes: { chat: { rules: [{ backends: [{ backend: "openai" }], endpoints: ["chats"] }] } },
    }),
];

export const endpoints = [
  () =>
    new AiGateway("ai", {
      backends: { rerank: { schema: "Cohere", host: "api.cohere.com" } },
      routes: {
        // @ts-expect-error Cohere's API has no images
        chat: { rules: [{ backends: [{ backend: "rerank" }], endpoints: ["image-generations"] }] },
      },
    }),
];

const application = { tenantId: "t", clientId: "c", clientSecret: "s" };

export const credentials = [
  // @ts-expect-error a key and a Secret
  () => openai({ apiKey: "x", secretName: "y" }),
  // @ts-expect-error neither a key nor a Secret
  () => openai({}),
  // @ts-expect-error half of the static keys
  () => bedrock({ region: "us-east-1", accessKeyId: "id" }),
  // @ts-expect-error static keys and a Secret
  () => bedrock({ region: "r", accessKeyId: "id", secretAccessKey: "key", secretName: "s" }),
  // @ts-expect-error a role without a token
  () => bedrock({ region: "us-east-1", roleArn: "arn:aws:iam::123456789012:role/gateway" }),
  // @ts-expect-error an API key and an application of Entra
  () => azureOpenai({ resource: "r", version: "v", apiKey: "x", entra: application }),
  // @ts-expect-error Azure OpenAI without its api-version
  () => azureOpenai({ resource: "r", apiKey: "x" }),
  // @ts-expect-error two ways to be someone at Vertex AI
  () => vertexAi({ project: "p", region: "r", serviceAccountKey: "{}", secretName: "s" }),
  // @ts-expect-error an unknown provider
  () => compatible("gorq", { apiKey: "x" }),
  // @ts-expect-error a port is a number
  () => openaiCompatible({ host: "vllm.models.svc", port: "8000" }),
  () =>
    new AiGateway("ai", {
      backends: {
        // @ts-expect-error two credentials for one backend
        both: { schema: "OpenAI", host: "h", apiKey: { value: "x" }, aws: { region: "r" } },
      },
      routes: { chat: { rules: [{ backends: [{ backend: "both" }] }] } },
    }),
  () =>
    new AiGateway("ai", {
      backends: {
        // @ts-expect-error Vertex AI takes no API key
        vertex: { schema: "GCPVertexAI", host: "h", apiKey: { value: "x" } },
      },
      routes: { chat: { rules: [{ backends: [{ backend: "vertex" }] }] } },
    }),
];
