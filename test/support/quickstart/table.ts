import type { ShotResult } from "./shots.ts";

const HEAD = ["request", "backend", "lane", "tokens in/out", "latency ms", "overhead ms", ""];

/** What happened, a line a request. */
export function table(results: readonly ShotResult[]): string {
  const rows = results.map(({ shot, ok, latencyMs, accounted }) => [
    shot.name,
    accounted?.provider ?? "?",
    accounted?.lane ?? "?",
    accounted?.usage
      ? `${accounted.usage.inputTokens ?? "?"}/${accounted.usage.outputTokens ?? "?"}`
      : "?",
    latencyMs.toFixed(1),
    accounted?.overhead === undefined ? "?" : (accounted.overhead * 1000).toFixed(2),
    ok ? "ok" : "FAILED",
  ]);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return `${[line(HEAD), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n")}\n`;
}
