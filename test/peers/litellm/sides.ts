/** The two ways that a request can take to the stand-ins. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { BackendName, EveryBackend } from "../../support/every-backend.ts";
import { startTestGateway } from "../../support/gateway.ts";
import { ANTHROPIC_KEY } from "../../support/standins/anthropic/server.ts";
import { AZURE_KEY } from "../../support/standins/azure/server.ts";
import { BEDROCK_CREDENTIALS, BEDROCK_REGION } from "../../support/standins/bedrock/server.ts";
import { COHERE_KEY } from "../../support/standins/cohere/server.ts";
import {
  GOOGLE_PROJECT,
  GOOGLE_REGION,
  GOOGLE_TOKEN,
} from "../../support/standins/google/server.ts";
import { OPENAI_KEY } from "../../support/standins/openai/server.ts";
import type { Api, PeerRequest } from "./requests.ts";

/** What a client got: a whole answer, the events of a stream, or an error. */
export interface Outcome {
  answer?: Json;
  events?: Json[];
  error?: { status: number; message: string };
}
export type Json = Record<string, unknown>;

export interface Side {
  ask(request: PeerRequest): Promise<Outcome>;
  close(): Promise<void>;
}

const PATHS: Readonly<Record<Api, string>> = {
  chat: "/v1/chat/completions",
  messages: "/anthropic/v1/messages",
  responses: "/v1/responses",
};

/** Through this gateway, on real Envoy, at `url`. */
export async function startOurs(every: EveryBackend): Promise<Side & { url: string }> {
  const gateway = await startTestGateway(every.resources);
  return {
    url: gateway.url,
    async ask({ api, body }) {
      const answer = await fetch(gateway.url + PATHS[api], {
        method: "POST",
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (!answer.ok) return { error: { status: answer.status, message: text } };
      if (body.stream !== true) return { answer: JSON.parse(text) as Json };
      const data = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json = ""]) => json);
      return { events: data.map((json) => JSON.parse(json) as Json) };
    },
    close: () => gateway.close(),
  };
}

/** How LiteLLM is told whom to ask. */
export type Options = (request: PeerRequest) => Json;

/** Through LiteLLM's library, in a Python of its own. */
export function startLiteLlm(interpreter: string, optionsOf: Options): Side {
  const script = resolve("test/peers/litellm/serve.py");
  const child = spawn(interpreter, ["-B", script], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, GOOGLE_TOKEN, GOOGLE_PROJECT },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async ask(request) {
      const { api, body } = request;
      const options = optionsOf(request);
      child.stdin.write(`${JSON.stringify({ api, body, options })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("LiteLLM's process has ended");
      const outcome = JSON.parse(value) as Outcome;
      // Its streams for Anthropic's clients are the bytes themselves.
      const events = outcome.events?.flatMap((event) =>
        typeof event === "string"
          ? [...(event as string).matchAll(/^data: (\{.*)$/gm)].map(
              ([, json = ""]) => JSON.parse(json) as Json,
            )
          : [event],
      );
      return events === undefined ? outcome : { ...outcome, events };
    },
    async close() {
      child.kill();
    },
  };
}

/** The gateway, as a client of OpenAI's or of Anthropic's knows it. */
export const gatewayOptions =
  (url: string): Options =>
  ({ api, body: { model } }) =>
    api === "messages"
      ? { model: `anthropic/${model}`, api_base: `${url}/anthropic`, api_key: "none" }
      : { model: `openai/${model}`, api_base: `${url}/v1`, api_key: "none" };

/** The providers themselves. */
export const providerOptions =
  (every: EveryBackend): Options =>
  ({ backend, body: { model } }) =>
    optionsOfProvider(every, backend, model);

function optionsOfProvider(every: EveryBackend, backend: BackendName, model: string): Json {
  const { url } = every.standIn(backend);
  const aws = {
    aws_access_key_id: BEDROCK_CREDENTIALS.accessKeyId,
    aws_secret_access_key: BEDROCK_CREDENTIALS.secretAccessKey,
    aws_region_name: BEDROCK_REGION,
    aws_bedrock_runtime_endpoint: url,
  };
  const vertex = (publisher: string): Json => ({
    model: `vertex_ai/${model}`,
    vertex_project: GOOGLE_PROJECT,
    vertex_location: GOOGLE_REGION,
    api_base: `${url}/v1/projects/${GOOGLE_PROJECT}/locations/${GOOGLE_REGION}/publishers/${publisher}/models/${model}`,
  });
  switch (backend) {
    case "openai":
      return { model: `openai/${model}`, api_base: `${url}/v1`, api_key: OPENAI_KEY };
    case "azure":
      return {
        model: `azure/${model}`,
        api_base: url,
        api_key: AZURE_KEY,
        api_version: "2024-10-21",
      };
    case "anthropic":
      return { model: `anthropic/${model}`, api_base: url, api_key: ANTHROPIC_KEY };
    case "bedrock":
      return { model: `bedrock/converse/${model}`, ...aws };
    case "aws-anthropic":
      return { model: "bedrock/invoke/us.anthropic.claude-sonnet-4-5-20250929-v1:0", ...aws };
    case "vertex":
      return vertex("google");
    case "gcp-anthropic":
      return vertex("anthropic");
    case "cohere":
      return { model: `cohere_chat/${model}`, api_base: `${url}/v2/chat`, api_key: COHERE_KEY };
  }
}
