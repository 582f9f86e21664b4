import { OpenAiError, openAiDialect } from "../openai/errors.ts";
import { type Models, route } from "../openai/route.ts";
import type { Dialect, Reply } from "../reply.ts";
import { errorReply } from "../reply.ts";
import { type RecordedRequest, type StandIn, type StandInOptions, serve } from "../standin.ts";
import { filtered } from "./filters.ts";

export const AZURE_KEY = "standin-azure-key";
export const AZURE_TOKEN = "standin-entra-token";

/** Deployments by name, and the models behind them. */
const DEPLOYMENTS: Readonly<Record<string, string>> = {
  "team-chat": "gpt-4o",
  "team-reasoning": "o4-mini",
  "team-embeddings": "text-embedding-3-small",
  "team-completions": "gpt-3.5-turbo-instruct",
  "team-images": "gpt-image-1",
  "team-transcribe": "gpt-4o-transcribe",
  "team-whisper": "whisper-1",
  "team-speech": "gpt-4o-mini-tts",
};

/** From here on there are responses; the version without a date has them as well. */
const FIRST_RESPONSES = "2025-03-01";

/**
 * Azure OpenAI: OpenAI's operations by deployment and `api-version`, responses without a deployment
 * in the path, and the newer paths below `/openai/v1`. What was filtered is told in every answer.
 * https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference
 */
export function startAzure(options: StandInOptions = {}): Promise<StandIn> {
  const models: Models = { models: ["gpt-4o", "o4-mini"], kept: new Map() };
  return serve(async (request) => {
    try {
      authenticate(request);
      const reply = await routed(request, models);
      return { ...reply, headers: { ...reply.headers, "apim-request-id": "standin" } };
    } catch (error) {
      if (!(error instanceof OpenAiError)) throw error;
      const reply = errorReply(azureDialect, error.status, error.message);
      return { ...reply, events: [Buffer.from(error.body())] };
    }
  }, options);
}

const azureError = (status: number, code: string, message: string): OpenAiError =>
  new OpenAiError(status, message, { code });

function authenticate({ headers }: RecordedRequest): void {
  const { "api-key": key, authorization } = headers;
  // Whatever comes has to be right, so that a client's own key beside the gateway's is found out.
  const right =
    (key === undefined || key === AZURE_KEY) &&
    (authorization === undefined || authorization === `Bearer ${AZURE_TOKEN}`);
  if (right && (key ?? authorization) !== undefined) return;
  throw azureError(
    401,
    "401",
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
  );
}

async function routed(request: RecordedRequest, models: Models): Promise<Reply> {
  const [path = "", query] = request.path.split("?");
  const version = new URLSearchParams(query).get("api-version");
  const below = (rest: string): RecordedRequest => ({ ...request, path: `/v1/${rest}` });

  const newer = /^\/openai\/v1\/(.+)$/.exec(path)?.[1];
  if (newer !== undefined) {
    if (version !== null && !["preview", "latest"].includes(version)) throw notFound();
    return filtered(await route(below(newer), models, modelOf(namedIn(request))));
  }
  if (version === null || !/^\d{4}-\d\d-\d\d(-preview)?$/.test(version)) throw notFound();
  const whole = /^\/openai\/(responses(?:\/input_tokens)?)$/.exec(path)?.[1];
  if (whole !== undefined) {
    if (version < FIRST_RESPONSES) {
      throw azureError(
        400,
        "BadRequest",
        "Azure OpenAI Responses API is enabled only for api-version 2025-03-01-preview and later",
      );
    }
    return route(below(whole), models, modelOf(namedIn(request)));
  }
  const [, deployment, rest] = /^\/openai\/deployments\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (deployment === undefined || rest === undefined || rest === "responses") throw notFound();
  const model = modelOf(decodeURIComponent(deployment));
  return filtered(await route(below(rest), models, model));
}

const notFound = (): OpenAiError => azureError(404, "404", "Resource not found");

const namedIn = ({ body }: RecordedRequest): string =>
  String((JSON.parse(body.toString()) as { model?: unknown }).model);

function modelOf(deployment: string): string {
  const model = DEPLOYMENTS[deployment];
  if (model !== undefined) return model;
  throw azureError(
    404,
    "DeploymentNotFound",
    "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.",
  );
}

const azureDialect: Dialect = {
  ...openAiDialect,
  error: (status, message) => ({
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error: { code: String(status), message } }),
  }),
};
