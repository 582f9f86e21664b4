import { createHash } from "node:crypto";
import { errorReply, jsonReply, type Reply } from "../reply.ts";
import { answer } from "../script.ts";
import { type RecordedRequest, type StandIn, type StandInOptions, serve } from "../standin.ts";
import { completionBody, completionEvents } from "./completion.ts";
import { OpenAiError, openAiDialect } from "./errors.ts";
import { formHandlers, OPENAI_FORM_MODELS, readForm } from "./forms.ts";
import { toPrompt } from "./prompt.ts";
import { checkRules } from "./rules.ts";
import { chatRequest } from "./schema.ts";
import { OPENAI_TASK_MODELS, taskHandlers } from "./tasks.ts";
import { validate } from "./validate.ts";

export const OPENAI_KEY = "sk-standin-openai";
export const OPENAI_MODELS = ["gpt-4o", "gpt-4o-mini", "gpt-5-mini", "o4-mini"];
const MODELS_CREATED = 1_735_689_600;

export interface OpenAiStandInOptions extends Omit<StandInOptions, "canned"> {
  /** The only API key that is let in; OPENAI_KEY by default. */
  apiKey?: string;
  /** Models that exist; OPENAI_MODELS by default. Those named `o…` and `gpt-5…` reason. */
  models?: string[];
}

/**
 * OpenAI's API: `POST /v1/chat/completions`, whole and streamed, `GET /v1/models`, and what
 * tasks.ts has. Refuses what the real one refuses, in its words. What it says is in script.ts.
 */
export function startOpenAi(options: OpenAiStandInOptions = {}): Promise<StandIn> {
  const apiKey = options.apiKey ?? OPENAI_KEY;
  const models = options.models ?? OPENAI_MODELS;
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

async function route(request: RecordedRequest, models: string[]): Promise<Reply> {
  const path = request.path.split("?")[0] ?? "";
  const allow = (method: string) => {
    if (request.method !== method) {
      throw new OpenAiError(405, `Not allowed to ${request.method} on ${path}.`);
    }
  };
  if (path === "/v1/chat/completions") {
    allow("POST");
    return complete(request, models);
  }
  const task = taskHandlers[path];
  if (task !== undefined) {
    allow("POST");
    const body = parse(request.body);
    const { model: asked } = Object(body) as { model?: unknown };
    if (typeof asked === "string") known(asked, [...models, ...OPENAI_TASK_MODELS]);
    return task(body, Math.floor(request.at / 1000));
  }
  const form = formHandlers[path];
  if (form !== undefined) {
    allow("POST");
    const read = await readForm(request);
    const { model: asked } = read.fields;
    if (typeof asked === "string") known(asked, [...OPENAI_TASK_MODELS, ...OPENAI_FORM_MODELS]);
    return form(read, Math.floor(request.at / 1000));
  }
  if (path === "/v1/models") {
    allow("GET");
    return jsonReply(openAiDialect, { object: "list", data: models.map(model) });
  }
  const id = /^\/v1\/models\/([^/]+)$/.exec(path)?.[1];
  if (id !== undefined) {
    allow("GET");
    return jsonReply(openAiDialect, model(known(decodeURIComponent(id), models)));
  }
  throw new OpenAiError(404, `Invalid URL (${request.method} ${path})`);
}

const model = (id: string) => ({
  id,
  object: "model",
  created: MODELS_CREATED,
  owned_by: "openai",
});

function known(id: string, models: string[]): string {
  if (models.includes(id)) return id;
  throw new OpenAiError(
    404,
    `The model \`${id}\` does not exist or you do not have access to it.`,
    {
      code: "model_not_found",
    },
  );
}

function complete(recorded: RecordedRequest, models: string[]): Reply {
  const request = validate(parse(recorded.body), chatRequest);
  known(request.model, models);
  checkRules(request);
  const completion = {
    id: `chatcmpl-${digest(recorded)}`,
    created: Math.floor(recorded.at / 1000),
    request,
    answer: answer(toPrompt(request)),
  };
  if (!request.stream) return jsonReply(openAiDialect, completionBody(completion));
  return {
    status: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
    events: completionEvents(completion),
    streamed: true,
    dialect: openAiDialect,
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new OpenAiError(
      400,
      "We could not parse the JSON body of your request. The API expects a JSON payload, but what was sent was not valid JSON.",
    );
  }
}

const digest = ({ body }: RecordedRequest) =>
  createHash("sha256").update(body).digest("hex").slice(0, 24);
