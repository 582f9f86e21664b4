/**
 * What has to be known of a model beyond the Converse API, which leaves some parameters to the
 * models. Read from the model id, an inference profile id or an ARN that names the model; an
 * application inference profile names none and counts as `unknown`.
 */
export interface ModelTraits {
  family: ModelFamily;
  /** Claude only: `4.6` is 406, so that versions compare as numbers. */
  claudeVersion?: number;
}

export type ModelFamily = "claude" | "nova" | "nova-2" | "gpt-oss" | "openai" | "llama" | "unknown";

const FAMILIES: readonly [pattern: RegExp, family: ModelFamily][] = [
  [/claude/, "claude"],
  [/amazon\.nova-2/, "nova-2"],
  [/amazon\.nova/, "nova"],
  [/openai\.gpt-oss/, "gpt-oss"],
  [/openai\./, "openai"],
  [/meta\.llama/, "llama"],
];

export function modelTraits(model: string): ModelTraits {
  const id = model.toLowerCase();
  const family = FAMILIES.find(([pattern]) => pattern.test(id))?.[1] ?? "unknown";
  if (family !== "claude") return { family };
  const claudeVersion = versionOfClaude(id);
  return claudeVersion === undefined ? { family } : { family, claudeVersion };
}

/** `claude-opus-4-6-…`, `claude-3-7-sonnet-…`; dates such as 20250514 are no minor versions. */
function versionOfClaude(id: string): number | undefined {
  const match = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(id);
  if (match === null) return undefined;
  return Number(match[1]) * 100 + Number(match[2] ?? 0);
}

/** Models that decide by themselves how much to think, guided by an effort. */
export const thinksAdaptively = ({ claudeVersion = 0 }: ModelTraits): boolean =>
  claudeVersion >= 406;

/** Models that think within a budget of tokens. */
export const thinksWithBudget = ({ claudeVersion = 0 }: ModelTraits): boolean =>
  claudeVersion >= 307 && claudeVersion < 406;

/**
 * Models whose tool schemas can be enforced. Those that cannot refuse a tool that asks for it,
 * while common clients ask for it always.
 */
export const enforcesToolSchemas = ({ family, claudeVersion }: ModelTraits): boolean =>
  family === "claude"
    ? claudeVersion !== undefined && claudeVersion >= 405 && claudeVersion < 407
    : family === "gpt-oss";
