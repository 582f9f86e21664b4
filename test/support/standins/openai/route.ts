import { createHash } from "node:crypto";
import { jsonReply, type Reply } from "../reply.ts";
import { answer } from "../script.ts";
import type { RecordedRequest } from "../standin.ts";
import { completionBody, completionEvents } from "./completion.ts";
import { OpenAiError, openAiDialect } from "./errors.ts";
import { formHandlers, OPENAI_FORM_MODELS, readForm } from "./forms.ts";
import { toPrompt } from "./prompt.ts";
import { type Kept, respond } from "./responses/respond.ts";
import { checkRules } from "./rules.ts";
import { chatRequest } from "./schema.ts";
import { OPENAI_TASK_MODELS, taskHandlers } from "./tasks.ts";
import { validate } from "./validate.ts";

const MODELS_CREATED = 1_735_689_600;

/** The models that converse, and what was said to them before. */
export interface Models {
  models: string[];
  kept: Kept;
}

/**
 * What OpenAI's models answer at a path of its API, here and on Azure.
 *
 * @param deployment stands for the model that the body names, as on Azure
 * @throws {OpenAiError}
 */
export async function route(
  request: RecordedRequest,
  { models, kept }: Models,
  deployment?: string,
): Promise<Reply> {
  const path = request.path.split("?")[0] ?? "";
  const allow = (method: string) => {
    if (request.method !== method) {
      throw new OpenAiError(405, `Not allowed to ${request.method} on ${path}.`);
    }
  };
  const ofModel = (body: unknown): unknown =>
    deployment === undefined ? body : { ...Object(body), model: deployment };
  if (path === "/v1/chat/completions") {
    allow("POST");
    return complete(request, ofModel(parse(request.body)), models);
  }
  if (path === "/v1/responses") {
    allow("POST");
    const body = ofModel(parse(request.body));
    const { model: asked } = Object(body) as { model?: unknown };
    if (typeof asked === "string") known(asked, models);
    return respond(body, Math.floor(request.at / 1000), kept);
  }
  const task = taskHandlers[path];
  if (task !== undefined) {
    allow("POST");
    const body = ofModel(parse(request.body));
    const { model: asked } = Object(body) as { model?: unknown };
    if (typeof asked === "string") known(asked, [...models, ...OPENAI_TASK_MODELS]);
    return task(body, Math.floor(request.at / 1000));
  }
  const form = formHandlers[path];
  if (form !== undefined) {
    allow("POST");
    const read = await readForm(request);
    if (deployment !== undefined) read.fields.model = deployment;
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

function complete(recorded: RecordedRequest, body: unknown, models: string[]): Reply {
  const request = validate(body, chatRequest);
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

export const digest = ({ body }: RecordedRequest) =>
  createHash("sha256").update(body).digest("hex").slice(0, 24);
