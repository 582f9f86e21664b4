/** `npm run fuzz`: every parser under damaged inputs, for a time. */
import { Worker } from "node:worker_threads";
import { Command, InvalidArgumentError } from "commander";
import { fuzz, type Report } from "./run.ts";

const number = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError("Give a number.");
  return value;
};

const options = new Command("fuzz")
  .description(
    "Feeds damaged inputs to every parser of requests, answers, streams, forms and wire messages. Exits with 1 on a crash, a hang or memory that grows.",
  )
  .option("--minutes <n>", "how long", number, 10)
  .option("--seed <n>", "the same seed gives the same inputs", number, 1)
  .option("--target <name>", "with --input: run one input again")
  .option("--input <n>", "number of the input", number)
  .parse()
  .opts<{ minutes: number; seed: number; target?: string; input?: number }>();

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** No input may hold a thread for longer. */
const HANG_MS = 15_000;
/** Bytes that may live at the end beyond those after the first tenth of the time. */
const MAX_GROWTH = 32 * 1024 * 1024;
const PULSE_INTS = 128;

if (options.target !== undefined && options.input !== undefined) {
  const only = { target: options.target, input: options.input };
  const { findings, slowest } = await fuzz({ seed: 0, goesOn: () => false, only });
  for (const { problem } of findings) say(problem);
  say(`${slowest.ms.toFixed(1)} ms`);
  process.exit(findings.length === 0 ? 0 : 1);
}

const pulse = new SharedArrayBuffer(PULSE_INTS * 4);
const worker = new Worker(new URL("worker.ts", import.meta.url), {
  workerData: { seed: options.seed, minutes: options.minutes, pulse },
});
watch(new Int32Array(pulse));
worker.on("error", (error) => {
  say(`the fuzzer itself failed: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(1);
});
worker.on("message", ({ report, memory }: { report: Report; memory: number[] }) => {
  process.exit(tell(report, memory) ? 0 : 1);
});

/** Ends everything where one input takes for ever, and names it. */
function watch(beat: Int32Array): void {
  let last = -1;
  let since = performance.now();
  setInterval(() => {
    const turns = Atomics.load(beat, PULSE_INTS - 1);
    if (turns !== last) {
      last = turns;
      since = performance.now();
    } else if (turns > 0 && performance.now() - since > HANG_MS) {
      const name = String.fromCharCode(...beat.subarray(2, 2 + (beat[1] ?? 0)));
      say(`HANG: --target "${name}" --input ${(beat[0] ?? 0) >>> 0}`);
      process.exit(1);
    }
  }, 1000);
}

function tell({ inputs, findings, slowest }: Report, memory: readonly number[]): boolean {
  const total = Object.values(inputs).reduce((sum, count) => sum + count, 0);
  for (const [name, count] of Object.entries(inputs)) say(`${String(count).padStart(10)}  ${name}`);
  say(`${String(total).padStart(10)}  inputs, seed ${options.seed}`);
  say(
    `slowest: ${slowest.ms.toFixed(1)} ms, --target "${slowest.target}" --input ${slowest.input}`,
  );
  const settled = memory[Math.ceil(memory.length / 10)] ?? memory[0] ?? 0;
  const growth = (memory.at(-1) ?? 0) - settled;
  say(
    `memory: ${mib(settled)} MiB live after a tenth of the time, ${mib(memory.at(-1) ?? 0)} MiB at the end`,
  );
  for (const { target, input, problem } of findings) {
    say(`\n--target "${target}" --input ${input}\n${problem}`);
  }
  if (growth > MAX_GROWTH) say(`memory grew by ${mib(growth)} MiB`);
  return findings.length === 0 && growth <= MAX_GROWTH;
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
