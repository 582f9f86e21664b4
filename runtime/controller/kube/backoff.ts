/** Growing pauses between tries, with jitter, so that many who failed at once do not return at once. */
export interface Backoff {
  /** Milliseconds to wait before the next try. */
  next(): number;
  /** It worked: start over. */
  reset(): void;
}

export function createBackoff(
  firstMs: number,
  maxMs: number,
  random: () => number = Math.random,
): Backoff {
  let failures = 0;
  return {
    next() {
      const whole = Math.min(maxMs, firstMs * 2 ** failures);
      failures += 1;
      return whole * (0.5 + random() / 2);
    },
    reset() {
      failures = 0;
    },
  };
}

/** Waits, or returns at once when the signal says so. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
