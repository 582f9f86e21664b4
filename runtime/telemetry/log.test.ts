import { createLogger } from "./log.ts";

function lines(pretty: boolean) {
  const written: string[] = [];
  const log = createLogger({
    level: "info",
    pretty,
    to: { write: (line: string) => void written.push(line) },
  });
  return { log, written };
}

test("JSON lines with the name of the level and an ISO time", () => {
  const { log, written } = lines(false);
  log.info({ route: "a/b" }, "hello");
  log.debug("unheard");
  expect(written).toHaveLength(1);
  expect(JSON.parse(written[0] ?? "")).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    route: "a/b",
    msg: "hello",
  });
});

test("secrets do not reach the log", () => {
  const { log, written } = lines(false);
  log.info(
    {
      authorization: "Bearer hush",
      headers: { "x-api-key": "hush", cookie: "hush", accept: "*/*" },
      backend: { credential: { secretAccessKey: "hush" } },
    },
    "request",
  );
  expect(written[0]).not.toContain("hush");
  expect(written[0]).toContain("*/*");
});

test("text for people, with an error's stack below", () => {
  const { log, written } = lines(true);
  log.warn({ route: "a/b", count: 2 }, "careful");
  log.error({ err: new TypeError("no such thing") }, "failed");
  expect(written[0]).toMatch(/^\d\d:\d\d:\d\d WARN {2}careful route=a\/b count=2\n$/);
  expect(written[1]).toMatch(/ERROR failed\nTypeError: no such thing\n +at /);
});
