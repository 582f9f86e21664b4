/** What was measured, as a table and held against the targets. */
import type { Measurement, Role } from "./measure.ts";
import {
  BARE,
  CONCURRENCIES,
  NATIVE,
  type Shape,
  TARGET_BYTES,
  TRANSLATED,
  type Variant,
} from "./scenarios.ts";

export interface Row {
  variant: Variant;
  shape: Shape;
  /** The middle of the rounds, figure by figure. */
  middle: Measurement;
  /** Requests/s against bare Envoy's in the same round; the middle of the rounds. */
  ratio: number;
  /** Bare Envoy's CPU per request against this Envoy's: the ratio where each process has a core. */
  cpuRatio: number;
  rounds: number;
}

export interface Verdict {
  target: string;
  wanted: string;
  measured: string;
  met: boolean;
}

/** Figure by figure the median of several rounds; failures are added up. */
export function middleOf(rounds: readonly Measurement[]): Measurement {
  const [first] = rounds;
  if (first === undefined) throw new Error("nothing was measured");
  const of = (figure: (m: Measurement) => number): number => median(rounds.map(figure));
  const perRole = (key: "cpuMicros" | "busy"): Record<Role, number> =>
    Object.fromEntries(
      (Object.keys(first[key]) as Role[]).map((role) => [role, of((m) => m[key][role])]),
    ) as Record<Role, number>;
  const firstFailure = rounds.find((m) => m.firstFailure !== undefined)?.firstFailure;
  return {
    requestsPerSecond: of((m) => m.requestsPerSecond),
    requests: rounds.reduce((total, m) => total + m.requests, 0),
    failures: rounds.reduce((total, m) => total + m.failures, 0),
    ...(firstFailure === undefined ? {} : { firstFailure }),
    p50Ms: of((m) => m.p50Ms),
    p99Ms: of((m) => m.p99Ms),
    cpuMicros: perRole("cpuMicros"),
    busy: perRole("busy"),
    othersBusy: of((m) => m.othersBusy),
    rss: { envoy: of((m) => m.rss.envoy), extProc: of((m) => m.rss.extProc) },
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
  return (low + high) / 2;
}

const FULL = 0.9;

/** The process that left the others waiting. */
export function limit({ busy }: Measurement): string {
  const full = (Object.entries(busy) as [Role, number][]).filter(([, share]) => share >= FULL);
  if (full.length === 0) return "cores";
  return full.map(([role]) => role).join("+");
}

export const shapeName = ({ bytes, streamed, concurrency }: Shape): string =>
  `${bytes / 1024} KB ${streamed ? "streamed" : "whole"} c=${concurrency}`;

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

const columns: [string, (row: Row) => string][] = [
  ["request", ({ shape }) => shapeName(shape)],
  ["variant", ({ variant }) => variant.name],
  ["req/s", ({ middle }) => middle.requestsPerSecond.toFixed(0)],
  ["of bare", ({ ratio }) => ratio.toFixed(2)],
  ["by CPU", ({ cpuRatio }) => cpuRatio.toFixed(2)],
  ["p50 ms", ({ middle }) => middle.p50Ms.toFixed(1)],
  ["p99 ms", ({ middle }) => middle.p99Ms.toFixed(1)],
  ["failed", ({ middle }) => String(middle.failures)],
  ["Envoy µs", ({ middle }) => middle.cpuMicros.envoy.toFixed(0)],
  ["ext_proc µs", ({ middle }) => middle.cpuMicros.extProc.toFixed(0)],
  ["gateway µs", ({ middle }) => middle.cpuMicros.gateway.toFixed(0)],
  ["Envoy MiB", ({ middle }) => mib(middle.rss.envoy)],
  ["ext_proc MiB", ({ middle }) => mib(middle.rss.extProc)],
  ["full", ({ middle }) => limit(middle)],
  ["others", ({ middle }) => middle.othersBusy.toFixed(2)],
];

const TEXT_COLUMNS = new Set(["request", "variant", "full"]);

export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(([, show]) => show(row)));
  const heads = columns.map(([head]) => head);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const line = (texts: string[]): string =>
    texts
      .map((text, column) =>
        TEXT_COLUMNS.has(heads[column] ?? "")
          ? text.padEnd(widths[column] ?? 0)
          : text.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return `${[line(heads), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n")}\n`;
}

export const LEGEND = `of bare: requests/s against bare Envoy's in the same round; by CPU: bare Envoy's CPU per
request against this Envoy's, which is that ratio where every process has a core of its own. µs: CPU per request, by process.
full: the process that used a whole core; "cores" means that none did and the machine's cores were shared out, so that
requests/s says less than CPU per request. others: cores kept busy by what is not part of the benchmark.
`;

interface Target {
  variant: Variant;
  streamed: boolean;
  ratio: number;
}

const targets: readonly Target[] = [
  { variant: NATIVE, streamed: false, ratio: 0.6 },
  { variant: TRANSLATED, streamed: false, ratio: 0.3 },
  { variant: NATIVE, streamed: true, ratio: 0.6 },
  { variant: TRANSLATED, streamed: true, ratio: 0.6 },
];

/** The targets, each with what was measured at the size and the lowest concurrency they are stated for. */
export function verdicts(rows: readonly Row[]): Verdict[] {
  const [lowest, highest] = CONCURRENCIES;
  const ratios = targets.flatMap(({ variant, streamed, ratio }) => {
    const row = rows.find(
      (it) =>
        it.variant === variant &&
        it.shape.bytes === TARGET_BYTES &&
        it.shape.streamed === streamed &&
        it.shape.concurrency === lowest,
    );
    if (row === undefined) return [];
    const target = `${variant.name}, ${shapeName(row.shape)}: requests/s of bare Envoy`;
    return [
      { target, wanted: `>= ${ratio}`, measured: row.ratio.toFixed(2), met: row.ratio >= ratio },
    ];
  });
  const crowded = rows.filter(
    ({ variant, shape }) => variant !== BARE && shape.streamed && shape.concurrency === highest,
  );
  const failures = crowded.reduce((total, row) => total + row.middle.failures, 0);
  return [
    ...ratios,
    {
      target: `failed requests at ${highest} concurrent streams`,
      wanted: "0",
      measured: String(failures),
      met: failures === 0,
    },
  ];
}
