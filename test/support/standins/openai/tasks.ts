import type * as z from "zod";
import { jsonReply, type Reply } from "../reply.ts";
import { pieces, tokens } from "../script.ts";
import { OpenAiError, openAiDialect } from "./errors.ts";
import {
  type CompletionsRequest,
  completionsRequest,
  type EmbeddingsRequest,
  embeddingsRequest,
  type ImagesRequest,
  imagesRequest,
  inputTokensRequest,
  moderationsRequest,
  type SpeechRequest,
  speechRequest,
} from "./task-schemas.ts";
import { validate } from "./validate.ts";

/** Models that do other work than chat. */
export const OPENAI_TASK_MODELS = [
  "text-embedding-3-small",
  "text-embedding-3-large",
  "gpt-3.5-turbo-instruct",
  "gpt-image-1",
  "dall-e-2",
  "dall-e-3",
  "gpt-4o-mini-tts",
  "tts-1",
  "omni-moderation-latest",
];

/** Dimensions of a vector where the request asks for none; the real ones have 1,536. */
const DIMENSIONS = 8;
/** A PNG of one pixel. */
export const PICTURE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** OpenAI's endpoints beside chat, by path: body in, reply out. `created` in Unix seconds. */
export const taskHandlers: Readonly<Record<string, (body: unknown, created: number) => Reply>> = {
  "/v1/embeddings": checked(embeddingsRequest, embed),
  "/v1/completions": checked(completionsRequest, complete),
  "/v1/images/generations": checked(imagesRequest, draw),
  "/v1/moderations": checked(moderationsRequest, moderate),
  "/v1/audio/speech": checked(speechRequest, speak),
  "/v1/responses/input_tokens": checked(inputTokensRequest, (request) =>
    reply({
      object: "response.input_tokens",
      input_tokens: tokens(JSON.stringify([request.input, request.instructions, request.tools])),
    }),
  ),
};

function checked<Schema extends z.ZodType>(
  schema: Schema,
  handle: (request: z.infer<Schema>, created: number) => Reply,
) {
  return (body: unknown, created: number) => handle(validate(body, schema), created);
}

const reply = (body: unknown): Reply => jsonReply(openAiDialect, body);

export const eventStream = (events: { name?: string; data: unknown }[]): Reply => ({
  status: 200,
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  events: events.map(({ name, data }) =>
    Buffer.from(
      `${name === undefined ? "" : `event: ${name}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`,
    ),
  ),
  streamed: true,
  dialect: openAiDialect,
});

/** The same text always has the same vector. */
export const vector = (text: string, dimensions = DIMENSIONS): number[] =>
  Array.from({ length: dimensions }, (_, index) => ((text.length * 31 + index * 7) % 97) / 97);

const textsOf = (input: EmbeddingsRequest["input"]): string[] => {
  if (typeof input === "string") return [input];
  if (typeof input[0] === "number") return [input.join(" ")];
  return input.map((item) => (Array.isArray(item) ? item.join(" ") : String(item)));
};

function embed({ model, input, dimensions, encoding_format }: EmbeddingsRequest): Reply {
  const texts = textsOf(input);
  const count = texts.reduce((sum, text) => sum + tokens(text), 0);
  return reply({
    object: "list",
    data: texts.map((text, index) => {
      const numbers = vector(text, dimensions);
      const embedding =
        encoding_format === "base64"
          ? Buffer.from(new Float32Array(numbers).buffer).toString("base64")
          : numbers;
      return { object: "embedding", index, embedding };
    }),
    model,
    usage: { prompt_tokens: count, total_tokens: count },
  });
}

function complete(request: CompletionsRequest, created: number): Reply {
  const prompt = textsOf(request.prompt ?? "")[0] ?? "";
  const text = `You wrote: ${prompt}`;
  const usage = {
    prompt_tokens: tokens(prompt),
    completion_tokens: tokens(text),
    total_tokens: tokens(prompt) + tokens(text),
  };
  const { model } = request;
  const head = { id: `cmpl-${created}`, object: "text_completion", created, model };
  const choice = (piece: string, finish: string | null) => ({
    text: piece,
    index: 0,
    logprobs: null,
    finish_reason: finish,
  });
  if (!request.stream) return reply({ ...head, choices: [choice(text, "stop")], usage });
  const wantsUsage = request.stream_options?.include_usage === true;
  return eventStream([
    ...pieces(text).map((piece) => ({ data: { ...head, choices: [choice(piece, null)] } })),
    { data: { ...head, choices: [choice("", "stop")] } },
    ...(wantsUsage ? [{ data: { ...head, choices: [], usage } }] : []),
    { data: "[DONE]" },
  ]);
}

function draw(request: ImagesRequest, created: number): Reply {
  const images = request.n ?? 1;
  if (request.model === "dall-e-3") {
    if (images > 1) refuse("n", "You must provide n=1 for this model.");
    return reply({
      created,
      data: [
        {
          revised_prompt: request.prompt,
          ...(request.response_format === "b64_json"
            ? { b64_json: PICTURE }
            : { url: "https://images.example/1.png" }),
        },
      ],
    });
  }
  if (request.response_format) refuse("response_format", "Unknown parameter: 'response_format'.");
  const input = tokens(request.prompt);
  const usage = {
    input_tokens: input,
    output_tokens: 272 * images,
    total_tokens: input + 272 * images,
    input_tokens_details: { text_tokens: input, image_tokens: 0 },
  };
  if (!request.stream) {
    const data = Array.from({ length: images }, () => ({ b64_json: PICTURE }));
    return reply({ created, data, usage });
  }
  const event = (type: string, more: object) => ({
    name: type,
    data: { type, b64_json: PICTURE, created_at: created, ...more },
  });
  return eventStream([
    ...Array.from({ length: request.partial_images ?? 0 }, (_, index) =>
      event("image_generation.partial_image", { partial_image_index: index }),
    ),
    event("image_generation.completed", { usage }),
  ]);
}

function moderate({ model, input }: z.infer<typeof moderationsRequest>): Reply {
  const flagged = JSON.stringify(input).includes("violence");
  return reply({
    id: "modr-1",
    model: model ?? "omni-moderation-latest",
    results: [
      {
        flagged,
        categories: { violence: flagged },
        category_scores: { violence: flagged ? 1 : 0 },
      },
    ],
  });
}

/** No text, and no JSON: what begins like an MP3 and is not valid UTF-8. */
export const sound = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00, 0x0d, 0x0a]), Buffer.from(text)]);

function speak({ input, stream_format, response_format = "mp3", model }: SpeechRequest): Reply {
  if (stream_format !== "sse") {
    const type = response_format === "mp3" ? "audio/mpeg" : `audio/${response_format}`;
    const events = [sound(input).subarray(0, 7), sound(input).subarray(7)];
    const headers = { "content-type": type };
    return { status: 200, headers, events, streamed: true, dialect: openAiDialect };
  }
  if (model.startsWith("tts-1")) refuse("stream_format", "stream_format is not supported.");
  const usage = {
    input_tokens: tokens(input),
    output_tokens: 50,
    total_tokens: tokens(input) + 50,
  };
  return eventStream([
    ...pieces(input).map((piece) => ({
      data: { type: "speech.audio.delta", audio: Buffer.from(piece).toString("base64") },
    })),
    { data: { type: "speech.audio.done", usage } },
  ]);
}

function refuse(param: string, message: string): never {
  throw new OpenAiError(400, message, { param });
}
