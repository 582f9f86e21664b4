import type { Program } from "../../program/program.ts";
import type { OnCostProblem } from "../cost/cost.ts";

/** What of the life of a session is worth counting or logging. Must not throw. */
export interface SessionObserver {
  /** A stream whose program is missing or cannot be run; the client got a 500. */
  programRefused(
    reason: "missing" | "unknown-version" | "invalid" | "unservable",
    message: string,
  ): void;
  /** A request that was answered without asking the provider. */
  requestRefused(status: number): void;
  /** Fields of a request that the provider could not be told. */
  fieldsDropped(program: Program, fields: readonly string[]): void;
  /** A provider's answer that could not be carried to the client. */
  answerFailed(program: Program, error: unknown): void;
  /** A 2xx answer without usage; what it costs is an estimate. */
  usageMissing(program: Program): void;
  /** A cost whose expression has no value for this request. */
  costFailed: OnCostProblem;
  /** Something was thrown that is no fault of client or provider: a bug. */
  crashed(error: unknown): void;
}
