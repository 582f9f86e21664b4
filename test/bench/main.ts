/** `npm run bench`: what the gateway costs against bare Envoy, on this machine, in one run. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { type Measurement, measure, type Timing } from "./measure.ts";
import { LEGEND, median, middleOf, type Row, shapeName, table, verdicts } from "./report.ts";
import { BARE, type Shape, shapes, TARGET_BYTES, type Variant, variants } from "./scenarios.ts";
import { soak } from "./soak.ts";
import { type Stage, startStage } from "./stage.ts";

interface Options {
  json?: string;
  quick?: boolean;
  seconds?: number;
  soak?: number;
  envoy?: string;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("Give a number above 0.");
  return value;
};

const options = new Command("bench")
  .description(
    "Measures the gateway against bare Envoy in one run on one machine: requests/s, latency, CPU per request by process, memory. Exits with 1 when a request failed.",
  )
  .option("--json <file>", "write all figures to this file as JSON")
  .option("--quick", "only the requests that have a target, one round; under a minute")
  .option("--seconds <n>", "seconds that count, per variant and round", positive)
  .option("--soak <minutes>", "load ext_proc for so long and watch its memory, instead", positive)
  .option("--envoy <version>", "version of Envoy, as in 1.39.3")
  .parse()
  .opts<Options>();

const say = (text: string): void => void process.stdout.write(text);
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};

/** Rounds of bare, variant, variant …, so that what the machine does meanwhile hits all of them alike. */
async function compare(stage: Stage, shape: Shape, rounds: number, timing: Timing): Promise<Row[]> {
  const contestants: Variant[] = [BARE, ...variants];
  const measured = new Map(contestants.map((it) => [it, [] as Measurement[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [variant, results] of measured) {
      progress(`${shapeName(shape)}, ${variant.name}, round ${round + 1} of ${rounds}`);
      results.push(await measure(stage, variant, shape, timing));
    }
  }
  const bare = measured.get(BARE) ?? [];
  const toBare = (results: Measurement[], ratio: (it: Measurement, limit: Measurement) => number) =>
    median(
      results.flatMap((it, round) => {
        const limit = bare[round];
        return limit === undefined ? [] : [ratio(it, limit)];
      }),
    );
  return [...measured].map(([variant, results]) => ({
    variant,
    shape,
    rounds,
    middle: middleOf(results),
    ratio: toBare(results, (it, limit) => it.requestsPerSecond / limit.requestsPerSecond),
    cpuRatio: toBare(results, (it, limit) => limit.cpuMicros.envoy / it.cpuMicros.envoy),
  }));
}

/** Requests with a target are measured longest. */
function timingOf({ bytes, concurrency }: Shape): { rounds: number; timing: Timing } {
  const long = bytes === TARGET_BYTES && !options.quick;
  const crowd = concurrency > 100;
  const measureMs = 1000 * (options.seconds ?? (long ? 1.5 : 0.8));
  const rounds = long ? 3 : 1;
  // A lap of a crowd may take seconds: laps are counted whole.
  if (crowd) return { rounds, timing: { warmUpMs: 0, measureMs, countLast: true } };
  return { rounds, timing: { warmUpMs: long ? 400 : 200, measureMs, countLast: false } };
}

async function compareAll(stage: Stage): Promise<{ rows: Row[]; failures: number }> {
  const rows: Row[] = [];
  const all = shapes(options.quick === true);
  // Compilers and connection pools warm up on load that nobody counts.
  for (const variant of [BARE, ...variants]) {
    for (const streamed of [false, true]) {
      const shape = { bytes: TARGET_BYTES, streamed, concurrency: 16 };
      await measure(stage, variant, shape, { warmUpMs: 0, measureMs: 500, countLast: true });
    }
  }
  for (const shape of all) {
    const { rounds, timing } = timingOf(shape);
    rows.push(...(await compare(stage, shape, rounds, timing)));
  }
  progress("");
  return { rows, failures: rows.reduce((total, row) => total + row.middle.failures, 0) };
}

/** The translations alone, without Envoy, in a process of their own. */
async function comparePairs(): Promise<{ failed: boolean; report: unknown }> {
  say("\n");
  const folder = await mkdtemp(join(tmpdir(), "aigw-bench-"));
  const json = join(folder, "pairs.json");
  const script = join(import.meta.dirname, "pairs.ts");
  try {
    const { status } = spawnSync(process.execPath, ["--no-warnings", script, "--json", json], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return { failed: status !== 0, report: JSON.parse(await readFile(json, "utf8")) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? "?", node: process.version };
const stage = await startStage(options.envoy);
try {
  say(
    `Envoy ${stage.envoyVersion} with one worker, Node ${machine.node}, ${machine.cores} × ${machine.cpu}\n\n`,
  );
  if (options.soak !== undefined) {
    const result = await soak(stage, options.soak, (rss) =>
      say(`ext_proc ${(rss / 2 ** 20).toFixed(0)} MiB\n`),
    );
    say(
      `\next_proc's memory ${result.flat ? "stays flat" : "GROWS"}: last quarter ${result.growth.toFixed(2)} of the second; ${result.failures} failed requests\n`,
    );
    if (options.json) await writeFile(options.json, JSON.stringify({ machine, soak: result }));
    process.exitCode = result.flat && result.failures === 0 ? 0 : 1;
  } else {
    const { rows, failures } = await compareAll(stage);
    say(`${table(rows)}\n${LEGEND}\n`);
    const judged = verdicts(rows);
    for (const { target, wanted, measured, met } of judged) {
      say(`${met ? "met   " : "MISSED"}  ${target}: ${measured} (${wanted})\n`);
    }
    for (const { variant, shape, middle } of rows) {
      if (middle.firstFailure === undefined) continue;
      say(`\nfailed, ${variant.name}, ${shapeName(shape)}: ${middle.firstFailure}\n`);
    }
    const pairs = options.quick ? undefined : await comparePairs();
    if (options.json) {
      const report = { machine, envoy: stage.envoyVersion, rows, verdicts: judged, pairs };
      await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    }
    process.exitCode = failures === 0 && pairs?.failed !== true ? 0 : 1;
  }
} finally {
  await stage.close();
}
