/**
 * What has to be known of a model beyond the API. OpenAI's own are known by their names; all others
 * are served by somebody else who speaks the same API, and may take more than OpenAI documents.
 */
export interface ModelTraits {
  /** OpenAI's own: it refuses every field that it does not document. */
  openAi: boolean;
  /** Takes `reasoning_effort`; OpenAI's models that do not reason refuse it. */
  efforts: boolean;
}

const REASONING = /^(o\d|gpt-[5-9]|gpt-oss|codex-)/;
const OTHER_OPENAI = /^(gpt-|chatgpt-|ft:gpt-)/;

/** Routers put a vendor before the name: `openai/gpt-5-mini`. */
export function modelTraits(model: string): ModelTraits {
  const name = model.toLowerCase().split("/").at(-1) ?? "";
  const efforts = REASONING.test(name);
  return { openAi: efforts || OTHER_OPENAI.test(name), efforts };
}
