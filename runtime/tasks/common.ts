import type { Usage } from "../lib/usage.ts";

/** What every task's request begins with; the gateway puts an override in its place. */
export interface TaskRequest {
  model: string;
  /** Fields that have no place here, for the log. */
  lost?: readonly string[];
}

/** What an answer tells beside its own content. */
export interface TaskAnswer {
  /** As the provider names it. */
  model?: string;
  usage?: Usage;
}
