import { envoyLevel, parseLogLine } from "./log.ts";

test("a line has level, component and message", () => {
  expect(parseLogLine("[warning][config] [source/x.cc:1] no [brackets] lost")).toEqual({
    level: "warn",
    component: "config",
    message: "[source/x.cc:1] no [brackets] lost",
  });
});

test("a line that goes on from another has its level; one that stands alone is an error", () => {
  const before = parseLogLine("[info][main] first");
  expect(parseLogLine("  second", before)).toEqual({
    level: "info",
    component: "main",
    message: "  second",
  });
  expect(parseLogLine("terminate called")).toMatchObject({ level: "error", component: "" });
});

test("levels go both ways", () => {
  for (const level of ["trace", "debug", "info", "warn", "error", "fatal"] as const) {
    expect(parseLogLine(`[${envoyLevel(level)}][main] x`).level).toBe(level);
  }
});
