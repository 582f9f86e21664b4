/** Envoy's own log, read back into levels. No I/O. */

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

export interface EnvoyLogLine {
  readonly level: LogLevel;
  /** Envoy's component: `upstream`, `config`, `main`. Empty where Envoy names none. */
  readonly component: string;
  readonly message: string;
}

/** Passed to Envoy; `parseLogLine` reads what this writes. */
export const LOG_FORMAT = "[%l][%n] %v";

const LINE = /^\[(trace|debug|info|warning|error|critical)\]\[([^\]]*)\] (.*)$/;

const LEVELS: Readonly<Record<string, LogLevel>> = { warning: "warn", critical: "fatal" };

/** One line of standard error; a line that goes on from the one before has that one's level. */
export function parseLogLine(line: string, before?: EnvoyLogLine): EnvoyLogLine {
  const [, level, component, message] = LINE.exec(line) ?? [];
  if (level === undefined || component === undefined || message === undefined) {
    return { level: before?.level ?? "error", component: before?.component ?? "", message: line };
  }
  return { level: LEVELS[level] ?? (level as LogLevel), component, message };
}

/** The name that Envoy's --log-level wants. */
export function envoyLevel(level: LogLevel): string {
  const named = Object.entries(LEVELS).find(([, ours]) => ours === level);
  return named?.[0] ?? level;
}
