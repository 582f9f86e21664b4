import { badRequest, unprocessable } from "../lib/errors.ts";
import { type Form, formText, scanForm } from "../lib/multipart.ts";
import type { Endpoint, ParsedRequest, RequestFacts } from "./endpoint.ts";
import { openAiError, openAiErrorEvent } from "./openai-family.ts";

/** Reads of a form what the gateway needs; files are passed over. */
function parseForm(raw: Buffer, { contentType }: RequestFacts = {}): ParsedRequest<Form> {
  const form = scanForm(raw, contentType);
  const model = formText(form, "model");
  if (model === undefined) throw badRequest('the form has no "model"', "model");
  if (model === "") throw unprocessable("model: a text that is not empty is needed", "model");
  return { model, stream: formText(form, "stream") === "true", body: form };
}

/** What the endpoints of OpenAI's API that take files have in common. */
const openAiForm = {
  family: "openai",
  method: "POST",
  modelIn: "form",
  usage: "sometimes",
  parse: parseForm,
  errorBody: openAiError,
  errorEvent: openAiErrorEvent,
} as const satisfies Partial<Endpoint<Form>>;

/**
 * https://platform.openai.com/docs/api-reference/audio/createTranscription: JSON, plain text,
 * subtitles or a stream of events; which of them, the answer's content type says.
 */
export const transcriptions: Endpoint<Form> = {
  ...openAiForm,
  id: "transcriptions",
  path: "/v1/audio/transcriptions",
  operation: "transcription",
  streams: true,
};

/** https://platform.openai.com/docs/api-reference/audio/createTranslation */
export const translations: Endpoint<Form> = {
  ...openAiForm,
  id: "translations",
  path: "/v1/audio/translations",
  operation: "translation",
};

/** https://platform.openai.com/docs/api-reference/images/createEdit */
export const imageEdits: Endpoint<Form> = {
  ...openAiForm,
  id: "image-edits",
  path: "/v1/images/edits",
  operation: "image_edit",
  streams: true,
};

/** https://platform.openai.com/docs/api-reference/images/createVariation; charged by the picture. */
export const imageVariations: Endpoint<Form> = {
  ...openAiForm,
  id: "image-variations",
  path: "/v1/images/variations",
  operation: "image_variation",
  usage: "never",
};
