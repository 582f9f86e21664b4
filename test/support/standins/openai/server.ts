import { errorReply } from "../reply.ts";
import { type RecordedRequest, type StandIn, type StandInOptions, serve } from "../standin.ts";
import { OpenAiError, openAiDialect } from "./errors.ts";
import { digest, type Models, route } from "./route.ts";

export const OPENAI_KEY = "sk-standin-openai";
export const OPENAI_MODELS = ["gpt-4o", "gpt-4o-mini", "gpt-5-mini", "o4-mini"];

export interface OpenAiStandInOptions extends Omit<StandInOptions, "canned"> {
  /** The only API key that is let in; OPENAI_KEY by default. */
  apiKey?: string;
  /** Models that exist; OPENAI_MODELS by default. Those named `o…` and `gpt-5…` reason. */
  models?: string[];
}

/**
 * OpenAI's API: `POST /v1/chat/completions` and `/v1/responses`, whole and streamed,
 * `GET /v1/models`, and what tasks.ts and forms.ts have. Refuses what the real one refuses, in its words. What it says is in script.ts.
 */
export function startOpenAi(options: OpenAiStandInOptions = {}): Promise<StandIn> {
  const apiKey = options.apiKey ?? OPENAI_KEY;
  const models: Models = { models: options.models ?? OPENAI_MODELS, kept: new Map() };
  return serve(async (request) => {
    try {
      authenticate(request, apiKey);
      const reply = await route(request, models);
      return { ...reply, headers: { ...reply.headers, ...vendorHeaders(request) } };
    } catch (error) {
      if (!(error instanceof OpenAiError)) throw error;
      const reply = errorReply(openAiDialect, error.status, error.message);
      return {
        ...reply,
        headers: { ...reply.headers, ...vendorHeaders(request) },
        events: [Buffer.from(error.body())],
      };
    }
  }, options);
}

const vendorHeaders = (request: RecordedRequest) => ({
  "x-request-id": `req_${digest(request)}`,
  "openai-version": "2020-10-01",
  "openai-processing-ms": "1",
});

function authenticate({ headers }: RecordedRequest, apiKey: string): void {
  const given = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  if (given === undefined) {
    throw new OpenAiError(
      401,
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    );
  }
  if (given !== apiKey) {
    throw new OpenAiError(401, `Incorrect API key provided: ${given.slice(0, 3)}***.`, {
      code: "invalid_api_key",
    });
  }
}
