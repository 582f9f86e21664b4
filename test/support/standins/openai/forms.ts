import { Busboy } from "@fastify/busboy";
import * as z from "zod";
import { jsonReply, type Reply } from "../reply.ts";
import { pieces } from "../script.ts";
import type { RecordedRequest } from "../standin.ts";
import { OpenAiError, openAiDialect } from "./errors.ts";
import { eventStream, PICTURE } from "./tasks.ts";
import { validate } from "./validate.ts";

/** Models that read files. */
export const OPENAI_FORM_MODELS = ["gpt-4o-transcribe", "whisper-1"];

/** A form as an application server's own reader has it. */
interface ReadForm {
  fields: Record<string, string | string[]>;
  files: Record<string, Buffer[]>;
}

const number = z.string().transform(Number).pipe(z.number().min(0).max(1)).optional();
const flag = z
  .enum(["true", "false"])
  .transform((text) => text === "true")
  .optional();

const transcription = z.strictObject({
  model: z.string(),
  language: z.string().optional(),
  prompt: z.string().optional(),
  response_format: z.enum(["json", "text", "srt", "verbose_json", "vtt"]).optional(),
  stream: flag,
  temperature: number,
  chunking_strategy: z.string().optional(),
  include: z.array(z.enum(["logprobs"])).optional(),
  timestamp_granularities: z.array(z.enum(["word", "segment"])).optional(),
});

const translation = z.strictObject({
  model: z.string(),
  prompt: z.string().optional(),
  response_format: z.enum(["json", "text", "srt", "verbose_json", "vtt"]).optional(),
  temperature: number,
});

const edit = z.strictObject({
  model: z.string(),
  prompt: z.string().min(1),
  n: z.string().regex(/^\d+$/).optional(),
  size: z.string().optional(),
  quality: z.string().optional(),
  stream: flag,
});

const variation = z.strictObject({
  model: z.literal("dall-e-2"),
  n: z.string().regex(/^\d+$/).optional(),
  size: z.string().optional(),
  response_format: z.enum(["url", "b64_json"]).optional(),
});

type Handler = (form: ReadForm, created: number) => Reply;

/** Endpoints that take files, by path. Sound is heard as its size. */
export const formHandlers: Readonly<Record<string, Handler>> = {
  "/v1/audio/transcriptions": ({ fields, files }) => {
    const request = validate(fields, transcription);
    const text = `I heard ${fileOf(files, "file").length} bytes`;
    const usage = {
      type: "tokens",
      input_tokens: 14,
      input_token_details: { text_tokens: 0, audio_tokens: 14 },
      output_tokens: 5,
      total_tokens: 19,
    };
    // whisper-1 takes no notice of `stream`.
    if (request.stream && request.model !== "whisper-1") {
      return eventStream([
        ...pieces(text).map((delta) => ({ data: { type: "transcript.text.delta", delta } })),
        { data: { type: "transcript.text.done", text, usage } },
      ]);
    }
    if (request.model === "whisper-1") {
      return written(text, request.response_format, { usage: { type: "duration", seconds: 9 } });
    }
    return written(text, request.response_format, { usage });
  },
  "/v1/audio/translations": ({ fields, files }) => {
    const request = validate(fields, translation);
    return written(`I heard ${fileOf(files, "file").length} bytes`, request.response_format, {});
  },
  "/v1/images/edits": ({ fields, files }, created) => {
    const { prompt } = validate(fields, edit);
    fileOf(files, "image");
    const usage = { input_tokens: prompt.length, output_tokens: 272, total_tokens: 0 };
    usage.total_tokens = usage.input_tokens + usage.output_tokens;
    return jsonReply(openAiDialect, { created, data: [{ b64_json: PICTURE }], usage });
  },
  "/v1/images/variations": ({ fields, files }, created) => {
    const { n = "1" } = validate(fields, variation);
    fileOf(files, "image");
    const data = Array.from({ length: Number(n) }, () => ({ b64_json: PICTURE }));
    return jsonReply(openAiDialect, { created, data });
  },
};

function written(text: string, format: string | undefined, more: object): Reply {
  if (format === undefined || format === "json" || format === "verbose_json") {
    return jsonReply(openAiDialect, { text, ...more });
  }
  return {
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8" },
    events: [Buffer.from(`${text}\n`)],
    streamed: false,
    dialect: openAiDialect,
  };
}

function fileOf(files: ReadForm["files"], name: string): Buffer {
  const file = (files[name] ?? files[`${name}[]`])?.[0];
  if (file !== undefined) return file;
  throw new OpenAiError(400, `Missing required parameter: '${name}'.`, { param: name });
}

/** @throws {OpenAiError} 400 where the body is no form. */
export async function readForm({ headers, body }: RecordedRequest): Promise<ReadForm> {
  const form: ReadForm = { fields: {}, files: {} };
  try {
    const busboy = new Busboy({
      headers: { ...headers, "content-type": headers["content-type"] ?? "" },
    });
    busboy.on("field", (name, value) => {
      const list = /^(.*)\[\]$/.exec(name)?.[1];
      if (list === undefined) form.fields[name] = value;
      else form.fields[list] = [...(form.fields[list] ?? []), value];
    });
    busboy.on("file", (name, stream) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        form.files[name] = [...(form.files[name] ?? []), Buffer.concat(chunks)];
      });
    });
    await new Promise((resolve, reject) => {
      busboy.on("finish", resolve);
      busboy.on("error", reject);
      busboy.end(body);
    });
    return form;
  } catch (error) {
    throw new OpenAiError(400, `Could not parse multipart form: ${String(error)}`);
  }
}
