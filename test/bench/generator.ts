/** The load generator as a process of its own: its spec as an argument, its findings on standard output. */
import { generateLoad, type LoadSpec, percentile } from "./client.ts";

/** What the process writes: a line for each phase, then the summary. */
export type GeneratorLine = { phase: "measuring" | "measured" } | { summary: LoadSummary };

export interface LoadSummary {
  requests: number;
  failures: number;
  firstFailure?: string;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

const say = (line: GeneratorLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const { body, ...spec } = JSON.parse(process.argv[2] ?? "{}") as Omit<LoadSpec, "body"> & {
  body: { prefix: string; fill: number; suffix: string };
};
const { latencies, ...result } = await generateLoad(
  { ...spec, body: Buffer.from(body.prefix + "x".repeat(body.fill) + body.suffix) },
  (phase) => say({ phase }),
);
say({
  summary: {
    ...result,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  },
});
