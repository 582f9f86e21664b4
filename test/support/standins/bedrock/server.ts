import { createHash } from "node:crypto";
import { PromptCache } from "../anthropic/cache.ts";
import { errorReply, jsonReply, type Reply } from "../reply.ts";
import { answer } from "../script.ts";
import { type RecordedRequest, type StandIn, type StandInOptions, serve } from "../standin.ts";
import { converseBody, converseEvents } from "./answer.ts";
import { cannedHandler } from "./canned.ts";
import { checkConversation } from "./conversation.ts";
import { BedrockError, bedrockDialect, refuse } from "./errors.ts";
import { countTokens, invokeModel } from "./invoke.ts";
import { invokeClaude } from "./invoke-claude.ts";
import { segments, toPrompt } from "./prompt.ts";
import { checkRules, isClaude } from "./rules.ts";
import { type ConverseRequest, converseRequest, converseStreamRequest } from "./schema.ts";
import { type AwsCredentials, verifySignature } from "./sigv4.ts";
import { validate } from "./validate.ts";

export const BEDROCK_REGION = "us-east-1";
export const BEDROCK_CREDENTIALS: AwsCredentials = {
  accessKeyId: "AKIASTANDINBEDROCK00",
  secretAccessKey: "standin/bedrock/secret/access/key/000000",
};
export const BEDROCK_MODELS = [
  "anthropic.claude-3-5-sonnet-20240620-v1:0",
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "global.anthropic.claude-opus-4-6-v1",
  "us.amazon.nova-2-lite-v1:0",
  "openai.gpt-oss-120b-1:0",
  "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/standin00001",
];

const MAX_INPUT_TOKENS = 200_000;

export interface BedrockStandInOptions extends StandInOptions {
  /** What requests must be signed with; BEDROCK_CREDENTIALS by default. */
  credentials?: AwsCredentials;
  /** BEDROCK_REGION by default. */
  region?: string;
  /** Models that exist; BEDROCK_MODELS by default. */
  models?: string[];
}

interface Vendor {
  credentials: AwsCredentials;
  region: string;
  models: string[];
  cache: PromptCache;
}

/**
 * Amazon Bedrock's runtime: `Converse` and `ConverseStream`, `InvokeModel` with its stream and
 * `CountTokens` as far as invoke.ts and invoke-claude.ts go. Verifies SigV4, refuses
 * what the service model and the documentation refuse, and answers in JSON or event streams. What
 * it says is in script.ts.
 */
export function startBedrock(options: BedrockStandInOptions = {}): Promise<StandIn> {
  if (options.canned !== undefined) return serve(cannedHandler(options.canned), options);
  const vendor: Vendor = {
    credentials: options.credentials ?? BEDROCK_CREDENTIALS,
    region: options.region ?? BEDROCK_REGION,
    models: options.models ?? BEDROCK_MODELS,
    cache: new PromptCache(),
  };
  return serve(async (request) => {
    const reply = await answerOrRefuse(request, vendor);
    return { ...reply, headers: { ...reply.headers, "x-amzn-requestid": requestId(request) } };
  }, options);
}

async function answerOrRefuse(request: RecordedRequest, vendor: Vendor): Promise<Reply> {
  try {
    const operation = route(request);
    await verifySignature(request, vendor.credentials, vendor.region);
    return perform(request, operation, vendor);
  } catch (error) {
    if (!(error instanceof BedrockError)) throw error;
    return {
      ...errorReply(bedrockDialect, error.status, error.message),
      headers: error.headers(),
    };
  }
}

interface Operation {
  model: string;
  name: string;
}

function route({ method, path }: RecordedRequest): Operation {
  const match =
    /^\/model\/([^/]+)\/(converse|converse-stream|invoke|invoke-with-response-stream|count-tokens)$/.exec(
      path,
    );
  if (match === null || method !== "POST") {
    throw new BedrockError(404, "UnknownOperationException", "");
  }
  return { model: decodeURIComponent(match[1] ?? ""), name: match[2] ?? "" };
}

function perform(recorded: RecordedRequest, { model, name }: Operation, vendor: Vendor): Reply {
  const type = recorded.headers["content-type"]?.split(";")[0];
  if (type !== "application/json") {
    throw new BedrockError(415, "UnsupportedMediaTypeException", "Expected application/json");
  }
  if (name === "invoke" || name === "invoke-with-response-stream") {
    const streams = name !== "invoke";
    const body = parse(recorded.body);
    if (isClaude(model) && vendor.models.includes(model)) {
      return invokeClaude(model, body, streams, { id: requestId(recorded), cache: vendor.cache });
    }
    if (!streams) return invokeModel(model, body);
    refuse("The model is unsupported for streaming.");
  }
  if (name === "count-tokens") return countTokens(model, parse(recorded.body));
  return converse(recorded, model, name === "converse-stream", vendor);
}

function converse(
  recorded: RecordedRequest,
  model: string,
  stream: boolean,
  vendor: Vendor,
): Reply {
  if (!vendor.models.includes(model)) refuse("The provided model identifier is invalid.");
  const request: ConverseRequest = validate(
    stream ? converseStreamRequest : converseRequest,
    parse(recorded.body),
  );
  const claude = isClaude(model);
  checkConversation(request, claude);
  checkRules(model, request);
  const said = answer(toPrompt(request));
  if (said.usage.input > MAX_INPUT_TOKENS) refuse("Input is too long for requested model.");
  const generated = {
    answer: said,
    input: vendor.cache.count(segments(request)),
    claude,
    tellsStopSequence:
      claude && request.additionalModelResponseFieldPaths?.includes("/stop_sequence") === true,
  };
  if (!stream) return jsonReply(bedrockDialect, converseBody(generated));
  return {
    status: 200,
    headers: { "content-type": "application/vnd.amazon.eventstream" },
    events: converseEvents(generated),
    streamed: true,
    dialect: bedrockDialect,
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new BedrockError(400, "SerializationException", "The request body is not valid JSON");
  }
}

/** A UUID that depends on the request alone. */
const requestId = ({ path, body }: RecordedRequest): string =>
  createHash("sha256")
    .update(path)
    .update(body)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
