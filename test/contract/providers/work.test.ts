/**
 * What a chunk of a stream costs does not depend on how many came before it: counted, not timed. Every
 * pair hears every kind of stream; the engine tells how often blocks of the gateway's code ran for a hundred
 * chunks after a thousand and after two thousand, and what goes through JSON and buffers is added up.
 */
import { Session } from "node:inspector/promises";

const WINDOW = 100;
/** Numbers in events have four digits in both. */
const FEW = 1100;
const MANY = 2100;

/** Bytes and characters that native code has been given, or has made. */
function countNative(): { total(): number; restore(): void } {
  let total = 0;
  const size = (value: unknown): number =>
    typeof value === "string" || Buffer.isBuffer(value) ? value.length : 0;
  const count = <Name extends string>(
    holder: Record<Name, (...given: never[]) => unknown>,
    name: Name,
  ): (() => void) => {
    const real = holder[name];
    holder[name] = function counted(this: unknown, ...given: never[]) {
      const made = real.apply(this, given);
      total += size(given[0]) + size(made);
      return made;
    };
    return () => {
      holder[name] = real;
    };
  };
  const undo = [
    count(JSON as never, "parse"),
    count(JSON as never, "stringify"),
    count(Buffer as never, "from"),
    count(Buffer as never, "concat"),
    count(Buffer.prototype as never, "toString"),
  ];
  return { total: () => total, restore: () => undo.forEach((restore) => void restore()) };
}

/** How often blocks of the gateway's code have run since this was last asked, all together. */
async function blocksRun(session: Session): Promise<number> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  return result
    .filter(({ url }) => url.includes("/runtime/"))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    .reduce((sum, { count }) => sum + count, 0);
}

test("a chunk costs the same after a thousand as after two thousand", async () => {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  // Only what is loaded from here on is counted block by block.
  const { listenToAll } = await import("./listening.ts");
  const streams = listenToAll(MANY + 2 * WINDOW);
  const native = countNative();
  const costOf = async (start: number) => {
    const going = streams.filter((stream) => stream.to(start));
    await blocksRun(session);
    const before = native.total();
    for (const stream of going) stream.to(start + WINDOW);
    const bytes = native.total() - before;
    const ran = await blocksRun(session);
    return { streams: going.length, bytes, ran };
  };
  try {
    const few = await costOf(FEW);
    const many = await costOf(MANY);
    expect(few.streams).toBeGreaterThan(80);
    expect(many.streams).toBe(few.streams);
    // The engine leaves a block out now and then; one that grew would run many times as often.
    expect(many.ran / few.ran).toBeLessThan(1.02);
    expect(many.bytes).toBe(few.bytes);
    // The counts count.
    expect(few.ran).toBeGreaterThan(few.streams * WINDOW * 30);
    expect(few.bytes).toBeGreaterThan(few.streams * WINDOW * 20);
  } finally {
    native.restore();
    session.disconnect();
  }
});
