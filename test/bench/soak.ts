/** Load for minutes, to see whether ext_proc's memory stays where it is. */
import { measure } from "./measure.ts";
import { BEDROCK, type Shape, TARGET_BYTES, TRANSLATED } from "./scenarios.ts";
import type { Stage } from "./stage.ts";

export interface Soak {
  /** ext_proc's resident bytes after each stretch of load. */
  samples: number[];
  failures: number;
  /** Mean of the last quarter against the second one; the first is warm-up. */
  growth: number;
  flat: boolean;
}

const STRETCH_MS = 5000;
/** A heap breathes by as much. */
const TOLERATED_GROWTH = 1.1;

export async function soak(
  stage: Stage,
  minutes: number,
  onSample: (rss: number) => void,
): Promise<Soak> {
  const kinds = [TRANSLATED, BEDROCK].flatMap((variant) =>
    [false, true].map((streamed) => {
      const shape: Shape = { bytes: TARGET_BYTES, streamed, concurrency: 64 };
      return { variant, shape };
    }),
  );
  const samples: number[] = [];
  let failures = 0;
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) {
    // A round of all kinds is one sample, so that samples are alike.
    for (const { variant, shape } of kinds) {
      const timing = { warmUpMs: 0, measureMs: STRETCH_MS / kinds.length, countLast: true };
      const measured = await measure(stage, variant, shape, timing);
      failures += measured.failures;
      if (shape === kinds.at(-1)?.shape) samples.push(measured.rss.extProc);
    }
    onSample(samples.at(-1) ?? 0);
  }
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const growth = mean(samples.slice(-quarter)) / mean(samples.slice(quarter, 2 * quarter));
  return { samples, failures, growth, flat: growth <= TOLERATED_GROWTH };
}

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;
