/** Runs something soon after the last of several changes, and at the latest some time after the first. */
export interface ReconcileTimer {
  touch(): void;
  stop(): void;
}

export interface TimerOptions {
  /** Quiet that is waited for, in milliseconds. */
  quietMs: number;
  /** Longest wait after the first change. */
  latestMs: number;
}

export function createReconcileTimer(run: () => void, options: TimerOptions): ReconcileTimer {
  let timer: NodeJS.Timeout | undefined;
  let first = 0;
  const fire = (): void => {
    timer = undefined;
    run();
  };
  return {
    touch() {
      const now = performance.now();
      if (timer === undefined) first = now;
      else clearTimeout(timer);
      const left = Math.max(0, first + options.latestMs - now);
      timer = setTimeout(fire, Math.min(options.quietMs, left));
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
