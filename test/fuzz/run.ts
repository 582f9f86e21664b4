import { Random } from "./random.ts";
import { loadSeeds } from "./seeds.ts";
import { type Target, targetsOf } from "./targets.ts";

export interface Finding {
  target: string;
  /** Gives the same input again: `--target … --input …`. */
  input: number;
  problem: string;
}

export interface Report {
  /** Inputs by target. */
  inputs: Record<string, number>;
  findings: Finding[];
  /** Milliseconds of the slowest input, with its target and number. */
  slowest: { ms: number; target: string; input: number };
}

export interface FuzzOptions {
  seed: number;
  /** Asked before each input. */
  goesOn(inputs: number): boolean;
  /** Told what is about to be run. */
  about?(target: string, input: number): void;
  /** Only this target, and only this input of its. */
  only?: { target: string; input: number };
}

/** Findings after which a run ends; more of them say nothing new. */
const ENOUGH = 20;

/** Feeds damaged inputs to every parser in turn. */
export async function fuzz({ seed, goesOn, about, only }: FuzzOptions): Promise<Report> {
  const targets = targetsOf(loadSeeds());
  const report: Report = {
    inputs: Object.fromEntries(targets.map(({ name }) => [name, 0])),
    findings: [],
    slowest: { ms: 0, target: "", input: 0 },
  };
  if (only !== undefined) {
    const target = targets.find(({ name }) => name === only.target);
    if (target === undefined) throw new Error(`no target is called ${only.target}`);
    await feed(target, only.input, report);
    return report;
  }
  for (let turn = 0; goesOn(turn) && report.findings.length < ENOUGH; turn += 1) {
    const target = targets[turn % targets.length] as Target;
    const input = (seed + turn) >>> 0;
    about?.(target.name, input);
    await feed(target, input, report);
  }
  return report;
}

async function feed(target: Target, input: number, report: Report): Promise<void> {
  const startedAt = performance.now();
  try {
    await target.run(new Random(input));
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report.findings.push({ target: target.name, input, problem });
  }
  const ms = performance.now() - startedAt;
  report.inputs[target.name] = (report.inputs[target.name] ?? 0) + 1;
  if (ms > report.slowest.ms) report.slowest = { ms, target: target.name, input };
}
