import { createHash } from "node:crypto";
import { errorReply, jsonReply, type Reply } from "../reply.ts";
import { type RecordedRequest, type StandIn, type StandInOptions, serve } from "../standin.ts";
import { PromptCache } from "./cache.ts";
import { AnthropicError, anthropicDialect } from "./errors.ts";
import { countMessage, generateMessage, messageReply } from "./generate.ts";
import { traits } from "./options.ts";

export const ANTHROPIC_KEY = "sk-ant-standin";
export const ANTHROPIC_MODELS = [
  "claude-haiku-4-5",
  "claude-sonnet-4-5",
  "claude-sonnet-4-6",
  "claude-opus-4-8",
];
const VERSIONS = ["2023-01-01", "2023-06-01", "2026-10-21"];

export interface AnthropicStandInOptions extends Omit<StandInOptions, "canned"> {
  /** The only API key that is let in; ANTHROPIC_KEY by default. */
  apiKey?: string;
  /** Models that exist; ANTHROPIC_MODELS by default. Their names say what they can do. */
  models?: string[];
}

interface Vendor {
  apiKey: string;
  models: string[];
  cache: PromptCache;
}

/**
 * Anthropic's API as far as messages go: `POST /v1/messages`, whole and streamed,
 * `POST /v1/messages/count_tokens` and `GET /v1/models`. Refuses what the real one refuses, in its
 * words. What it says is in script.ts.
 */
export function startAnthropic(options: AnthropicStandInOptions = {}): Promise<StandIn> {
  const vendor: Vendor = {
    apiKey: options.apiKey ?? ANTHROPIC_KEY,
    models: options.models ?? ANTHROPIC_MODELS,
    cache: new PromptCache(),
  };
  return serve((request) => {
    const reply = answerOrRefuse(request, vendor);
    return { ...reply, headers: { ...reply.headers, "request-id": `req_${digest(request)}` } };
  }, options);
}

function answerOrRefuse(request: RecordedRequest, vendor: Vendor): Reply {
  try {
    authenticate(request, vendor.apiKey);
    versionOf(request);
    return route(request, vendor);
  } catch (error) {
    if (!(error instanceof AnthropicError)) throw error;
    return errorReply(anthropicDialect, error.status, error.message);
  }
}

/**
 * The key comes in either of two headers. Whatever comes has to be right, so that a proxy that adds
 * its own key and leaves a client's in the other header is found out.
 */
function authenticate({ headers }: RecordedRequest, apiKey: string): void {
  const bearer = headers.authorization?.replace(/^Bearer /, "");
  const given = [headers["x-api-key"], bearer].filter((key) => key !== undefined);
  if (given.length === 0) throw new AnthropicError(401, "x-api-key header is required");
  if (given.some((key) => key !== apiKey)) throw new AnthropicError(401, "invalid x-api-key");
}

/** The version of the API that a request asks for. */
function versionOf({ headers }: RecordedRequest): string {
  const version = headers["anthropic-version"];
  if (version === undefined) throw new AnthropicError(400, "anthropic-version: header is required");
  if (VERSIONS.includes(version)) return version;
  throw new AnthropicError(400, `anthropic-version: "${version}" is not a valid version`);
}

function route(request: RecordedRequest, vendor: Vendor): Reply {
  const path = request.path.split("?")[0] ?? "";
  switch (`${request.method} ${path}`) {
    case "POST /v1/messages":
      return generate(request, vendor);
    case "POST /v1/messages/count_tokens":
      return count(request, vendor);
    case "GET /v1/models":
      return jsonReply(anthropicDialect, modelList(vendor.models));
  }
  const id = request.method === "GET" ? /^\/v1\/models\/([^/]+)$/.exec(path)?.[1] : undefined;
  if (id === undefined) throw new AnthropicError(404, "Not Found");
  return jsonReply(anthropicDialect, model(known(decodeURIComponent(id), vendor.models)));
}

function generate(recorded: RecordedRequest, { models, cache }: Vendor): Reply {
  const body = parse(recorded.body);
  const { model: asked } = Object(body) as { model?: unknown };
  if (typeof asked === "string") known(asked, models);
  const options = { id: `msg_${digest(recorded)}`, version: versionOf(recorded), cache };
  return messageReply(generateMessage(body, options));
}

function count(recorded: RecordedRequest, { models }: Vendor): Reply {
  const body = parse(recorded.body);
  const { model: asked } = Object(body) as { model?: unknown };
  if (typeof asked === "string") known(asked, models);
  return jsonReply(anthropicDialect, countMessage(body, versionOf(recorded)));
}

function known(id: string, models: string[]): string {
  if (models.includes(id)) return id;
  throw new AnthropicError(404, `model: ${id}`);
}

const modelList = (models: string[]) => ({
  data: models.map(model),
  has_more: false,
  first_id: models[0] ?? null,
  last_id: models.at(-1) ?? null,
});

const model = (id: string) => ({
  type: "model",
  id,
  display_name: id,
  created_at: "2025-09-29T00:00:00Z",
  deprecated_at: null,
  retires_at: null,
  lifecycle: "active",
  line: null,
  capabilities: null,
  max_input_tokens: 200_000,
  max_tokens: traits(id).maxTokens,
});

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new AnthropicError(400, "The request body is not valid JSON");
  }
}

const digest = ({ body }: RecordedRequest) =>
  createHash("sha256").update(body).digest("hex").slice(0, 24);
