/** Runs the fuzzer beside a watchdog: a parser that hangs holds only this thread. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { fuzz } from "./run.ts";

export interface WorkerOptions {
  seed: number;
  minutes: number;
  /** `[input, target's length, target's bytes…]`, read by the watchdog. */
  pulse: SharedArrayBuffer;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const { seed, minutes, pulse } = workerData as WorkerOptions;
const beat = new Int32Array(pulse);
const end = performance.now() + minutes * 60_000;
const SAMPLE_MS = 5000;
let sampleAt = 0;

/** Bytes that live, after everything that can go has gone. */
function live(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const memory: number[] = [];
const report = await fuzz({
  seed,
  goesOn() {
    const now = performance.now();
    if (now > sampleAt) {
      memory.push(live());
      sampleAt = now + SAMPLE_MS;
    }
    return now < end;
  },
  about(target, input) {
    Atomics.store(beat, 0, input);
    Atomics.store(beat, 1, target.length);
    for (let at = 0; at < target.length; at += 1)
      Atomics.store(beat, 2 + at, target.charCodeAt(at));
    Atomics.add(beat, beat.length - 1, 1);
  },
});
parentPort?.postMessage({ report, memory });
