import type { OutputConfig } from "../../schemas/anthropic/request.ts";

/**
 * What Claude's generations differ in, as far as a request has to heed it. Read from the model's
 * name; names that tell no version (aliases, other vendors' models behind the same API) are taken
 * for what the API itself promises to everyone.
 */
export interface ModelTraits {
  /** Decides by itself how much to think, guided by an effort. */
  thinksAdaptively: boolean;
  /** Thinks within a budget of tokens. */
  thinksWithBudget: boolean;
  /** Values of `output_config.effort` that the model knows; none where it knows no efforts. */
  efforts: readonly Effort[];
  /** Refuses temperature, top_p and top_k, as models since Opus 4.7 do. */
  withoutSampling: boolean;
  /** Refuses temperature and top_p in one request. */
  oneSamplingParameter: boolean;
  /** Tool schemas can be enforced; older models refuse a tool that asks for it. */
  enforcesToolSchemas: boolean;
  /** Tokens of output that the model can give at least: used where a client sets no limit. */
  maxTokens: number;
}

type Effort = NonNullable<OutputConfig["effort"]>;

export function modelTraits(model: string): ModelTraits {
  const name = model.toLowerCase();
  const version = claudeVersion(name);
  if (version === undefined) return UNKNOWN;
  return {
    thinksAdaptively: version >= 406,
    thinksWithBudget: version >= 307 && version < 407,
    efforts: effortsOf(name, version),
    withoutSampling: version >= 407,
    oneSamplingParameter: version >= 401,
    enforcesToolSchemas: version >= 405 || version === 401,
    maxTokens: version >= 307 ? 32_000 : version >= 305 ? 8192 : 4096,
  };
}

const UNKNOWN: ModelTraits = {
  thinksAdaptively: false,
  thinksWithBudget: true,
  efforts: [],
  withoutSampling: false,
  oneSamplingParameter: false,
  enforcesToolSchemas: true,
  maxTokens: 4096,
};

function effortsOf(name: string, version: number): readonly Effort[] {
  if (version >= 407) return ["low", "medium", "high", "xhigh", "max"];
  if (version === 406) return ["low", "medium", "high", "max"];
  return name.includes("opus-4-5") ? ["low", "medium", "high"] : [];
}

/**
 * `4.6` is 406, so that versions compare as numbers: `claude-opus-4-6`, `claude-3-7-sonnet-…`,
 * `claude-mythos-preview`. Dates such as 20250514 are no minor versions.
 */
function claudeVersion(name: string): number | undefined {
  const match = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(name);
  if (match !== null) return Number(match[1]) * 100 + Number(match[2] ?? 0);
  return /claude-mythos/.test(name) ? 500 : undefined;
}
