import { createHash } from "node:crypto";
import { PromptCache } from "../anthropic/cache.ts";
import { AnthropicError, anthropicDialect } from "../anthropic/errors.ts";
import { errorReply, type Reply } from "../reply.ts";
import { inputTokens } from "../script.ts";
import { type RecordedRequest, type StandIn, type StandInOptions, serve } from "../standin.ts";
import { claude, countClaude } from "./claude.ts";
import { GoogleError, googleDialect, refuse } from "./errors.ts";
import { generated, toPrompt } from "./generate.ts";
import type { GenerateContentRequest } from "./messages.ts";
import { parseMessage } from "./published.ts";
import { publishedReply } from "./reply.ts";
import { draw, embed, embedContent, rank } from "./tasks.ts";

export const GOOGLE_TOKEN = "ya29.standin";
export const GOOGLE_PROJECT = "standin-project";
export const GOOGLE_REGION = "us-central1";
export const GEMINI_MODELS = [
  "gemini-2.0-flash",
  "gemini-2.5-flash",
  "gemini-2.5-flash-lite",
  "gemini-3-pro-preview",
];
export const VERTEX_CLAUDE_MODELS = ["claude-sonnet-4-5@20250929", "claude-opus-4-8"];
const EMBEDDING_MODELS = ["text-embedding-005", "gemini-embedding-001", "gemini-embedding-2"];
const IMAGE_MODELS = ["imagen-4.0-generate-001"];

/**
 * Google Cloud, as far as models go: Gemini by `generateContent`, `streamGenerateContent` and
 * `countTokens`, embeddings by `predict` and `embedContent`, Imagen by `predict`, Claude by
 * `rawPredict` and `streamRawPredict`, and the ranking API. Requests are held against the messages
 * that Google publishes (published.json), and so are the answers before they leave.
 */
export function startGoogle(options: StandInOptions = {}): Promise<StandIn> {
  const cache = new PromptCache();
  return serve((request) => {
    try {
      authenticate(request);
      return route(request, cache);
    } catch (error) {
      if (error instanceof AnthropicError) {
        return errorReply(anthropicDialect, error.status, error.message);
      }
      if (!(error instanceof GoogleError)) throw error;
      const reply = errorReply(googleDialect, error.status, error.message);
      return { ...reply, events: [Buffer.from(error.body())] };
    }
  }, options);
}

function authenticate({ headers }: RecordedRequest): void {
  const given = headers.authorization;
  if (given === `Bearer ${GOOGLE_TOKEN}`) return;
  throw new GoogleError(
    401,
    given === undefined
      ? "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal."
      : "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
  );
}

const MODEL_PATH =
  /^\/v1(?:beta1)?\/projects\/([^/]+)\/locations\/([^/]+)\/publishers\/(google|anthropic)\/models\/([^/:]+):(\w+)$/;
const RANK_PATH =
  /^\/v1\/projects\/[^/]+\/locations\/global\/rankingConfigs\/default_ranking_config:rank$/;

function route(request: RecordedRequest, cache: PromptCache): Reply {
  const [path = "", query] = request.path.split("?");
  if (request.method !== "POST") throw new GoogleError(404, "Not Found");
  const body = parse(request.body);
  if (RANK_PATH.test(path)) return rank(body);
  const [, project, region, publisher, id = "", method = ""] = MODEL_PATH.exec(path) ?? [];
  if (project === undefined) throw new GoogleError(404, "Not Found");
  if (project !== GOOGLE_PROJECT) {
    throw new GoogleError(403, `Permission denied on resource project ${project}.`);
  }
  const model = decodeURIComponent(id);
  const known = (models: string[]): void => {
    if (models.includes(model)) return;
    throw new GoogleError(
      404,
      `Publisher Model \`projects/${project}/locations/${region}/publishers/${publisher}/models/${model}\` was not found or your project does not have access to it.`,
    );
  };
  switch (`${publisher} ${method}`) {
    case "google generateContent":
    case "google streamGenerateContent":
      known(GEMINI_MODELS);
      return generate(request, model, body, method, query);
    case "google countTokens":
      known(GEMINI_MODELS);
      return count(model, body);
    case "google embedContent":
      known(EMBEDDING_MODELS);
      return embedContent(body);
    case "google predict":
      known([...EMBEDDING_MODELS, ...IMAGE_MODELS]);
      return IMAGE_MODELS.includes(model) ? draw(body) : embed(body);
    case "anthropic rawPredict":
    case "anthropic streamRawPredict":
      if (model === "count-tokens") return countClaude(body);
      known(VERTEX_CLAUDE_MODELS);
      return claude(request, model, body, method === "streamRawPredict", cache);
    default:
      throw new GoogleError(404, "Not Found");
  }
}

function generate(
  recorded: RecordedRequest,
  model: string,
  body: unknown,
  method: string,
  query: string | undefined,
): Reply {
  const request = parseMessage<GenerateContentRequest>("GenerateContentRequest", body);
  const { whole, events } = generated(model, request, {
    responseId: createHash("sha256").update(recorded.body).digest("base64url").slice(0, 22),
    createTime: new Date(recorded.at).toISOString(),
  });
  if (method === "generateContent") return publishedReply("GenerateContentResponse", whole);
  for (const event of events) parseMessage("GenerateContentResponse", event);
  const asEvents = new URLSearchParams(query).get("alt") === "sse";
  return {
    status: 200,
    headers: { "content-type": asEvents ? "text/event-stream" : "application/json; charset=UTF-8" },
    events: asEvents
      ? events.map((event) => Buffer.from(`data: ${JSON.stringify(event)}\r\n\r\n`))
      : [Buffer.from(JSON.stringify(events))],
    streamed: true,
    dialect: googleDialect,
  };
}

function count(model: string, body: unknown): Reply {
  const request = parseMessage<GenerateContentRequest>("CountTokensRequest", body);
  if ((request.contents ?? []).length === 0) refuse("at least one contents field is required");
  return publishedReply("CountTokensResponse", {
    totalTokens: inputTokens(toPrompt(model, request)),
    totalBillableCharacters: JSON.stringify(request.contents).length,
  });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new GoogleError(400, "Invalid JSON payload received. Unexpected token.");
  }
}
