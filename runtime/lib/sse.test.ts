import fc from "fast-check";
import { type SseEvent, sseEvent, sseParser } from "./sse.ts";

const parse = (chunks: Buffer[]): SseEvent[] => {
  const parser = sseParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.finish()];
};

const cut = (bytes: Buffer, at: number[]): Buffer[] => {
  const points = [0, ...at.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return points.slice(1).map((end, i) => bytes.subarray(points[i], end));
};

test("what is written is read, however the bytes are cut and lines are ended", () => {
  const text = fc.string({ unit: "grapheme" }).map((s) => s.replace(/[\r\n]/g, ""));
  fc.assert(
    fc.property(
      fc.array(
        fc.record(
          {
            data: text,
            event: fc.option(
              text.filter((s) => s !== ""),
              { nil: undefined },
            ),
          },
          { requiredKeys: ["data"] },
        ),
      ),
      fc.array(fc.nat()),
      fc.constantFrom("\n", "\r\n", "\r"),
      (events, at, lineEnd) => {
        const wire = events
          .map(({ data, event }) => sseEvent(data, event).toString("utf8"))
          .join("");
        const bytes = Buffer.from(wire.replaceAll("\n", lineEnd));
        const expected = events.map(({ data, event }) =>
          event === undefined ? { data } : { data, event },
        );
        expect(parse(cut(bytes, at))).toEqual(expected);
      },
    ),
  );
});

test("comments, BOM, several data lines, unknown fields, a cut-off event", () => {
  const wire = "\ufeff: hello\nretry: 5\nevent:e\ndata: a\ndata:b\nid: 1\n\n\ndata\n\ndata: lost";
  expect(parse([Buffer.from(wire)])).toEqual([{ event: "e", data: "a\nb" }, { data: "" }]);
});

test("an endless event is refused", () => {
  const parser = sseParser();
  const piece = Buffer.alloc(1024 * 1024, "x");
  expect(() => {
    for (let i = 0; i < 20; i++) parser.push(piece);
  }).toThrow("16 MiB");

  const lines = sseParser();
  const line = Buffer.from(`data: ${"x".repeat(1024 * 1024)}\n`);
  expect(() => {
    for (let i = 0; i < 20; i++) lines.push(line);
  }).toThrow("16 MiB");
});
