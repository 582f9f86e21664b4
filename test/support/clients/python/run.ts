import path from "node:path";
import type { Ability, Target } from "../scenario.ts";
import { run } from "./environment.ts";

export interface PythonTarget extends Omit<Target, "fail"> {
  /** Address of the stand-in behind `baseUrl`, for scenarios in which it fails; else left out. */
  controlUrl?: string;
}

export interface PythonResult {
  name: string;
  /** A traceback, or null for what went well. */
  error: string | null;
}

/**
 * Runs what applications do with a vendor's Python client, as far as the abilities go.
 * `interpreter` comes from ensurePython().
 */
export async function runPythonScenarios(
  client: "openai" | "anthropic",
  interpreter: string,
  target: PythonTarget,
  abilities: Iterable<Ability>,
): Promise<PythonResult[]> {
  // -B: no bytecode beside the scripts.
  const script = path.resolve(`test/support/clients/python/${client}_scenarios.py`);
  const input = JSON.stringify({ ...target, abilities: [...abilities] });
  return JSON.parse(await run(interpreter, ["-B", script], input)) as PythonResult[];
}
