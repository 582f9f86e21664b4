import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import type { Cost } from "../../program/program.ts";
import { BodyMode } from "../wire/request.ts";
import type { ProcessingResponse } from "../wire/response.ts";
import { bodyOf, drive, headersSet, lookup, metadataOf, program } from "./testdata/drive.ts";
import { fakeEnvironment } from "./testdata/fakes.ts";

const COSTS: Cost[] = [
  { key: "in", type: "InputToken" },
  { key: "total", type: "TotalToken" },
];
const same = program({ schema: "Same", prefix: "up", costs: COSTS });
const other = program({ schema: "Other", costs: COSTS });

const lines = (...events: object[]): string => events.map((e) => `${JSON.stringify(e)}\n`).join("");
const text = (...words: string[]): object[] =>
  words.map((word) => ({ type: "text-delta", index: 0, text: word }));
const usage = { type: "usage", usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 } };
const end = { type: "end" };
const answered = lines({ type: "start", model: "real" }, ...text("hel", "lo"), usage, end);

/** Is the last piece, and only the last, the end of the client's body? */
function expectEnded(answers: readonly ProcessingResponse[]): void {
  const ends = answers.flatMap(({ answer }) =>
    answer.kind === "response-body" && answer.body?.mode === "stream"
      ? [answer.body.endOfStream]
      : [],
  );
  expect(ends.pop()).toBe(true);
  expect(ends).not.toContain(true);
}

describe("from a provider of the same protocol, an answer", () => {
  const chunk = (rest: object): string => `data: ${JSON.stringify(rest)}\n\n`;
  const sse = { "content-type": "text/event-stream; charset=utf-8" };
  const stream = [
    chunk({ choices: [], prompt_filter_results: [1] }),
    chunk({ choices: [{ delta: { content: '{"choices":[]} "usage"' } }], usage: null }),
    chunk({ choices: [], usage: { total: 9 } }),
    "data: [DONE]\n\n",
  ];

  test("goes by untouched, and its usage is read", async () => {
    const { request, respond } = drive(same, fakeEnvironment());
    await request('{"stream":true,"stream_options":{"include_usage":true}}');
    const answers = await respond(sse, stream);
    expect(bodyOf(answers)).toBe(stream.join(""));
    expect(answers[0]?.answer).toEqual({ kind: "response-headers" });
    expectEnded(answers);
    expect(metadataOf(answers)).toMatchObject({
      in: 0,
      total: 9,
      "gen_ai.usage": "totalTokens=9 firstToken=0 betweenTokens=0 model=answered",
    });
  });

  test("loses the chunk of usage that only the gateway asked for, however it is cut", async () => {
    const whole = stream.join("");
    const expected = [stream[0], stream[1], stream[3]].join("");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 8 }), async (cuts) => {
        const at = [0, ...[...cuts].sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((to, index) => whole.slice(at[index], to));
        const { request, respond } = drive(same, fakeEnvironment());
        await request('{"stream":true}');
        const answers = await respond(sse, pieces);
        expect(bodyOf(answers)).toBe(expected);
        expectEnded(answers);
        expect(metadataOf(answers)).toMatchObject({ total: 9 });
      }),
      { numRuns: 60 },
    );
  });

  test("is charged as soon as its usage is known: clients leave before the stream has ended", async () => {
    const { request, respond } = drive(same, fakeEnvironment());
    await request('{"stream":true}');
    const answers = await respond(sse, [...stream, ""]);
    expect(metadataOf(answers.slice(0, -1))).toMatchObject({ total: 9 });
  });

  test("an error of the provider's goes by byte for byte and costs nothing", async () => {
    const { request, respond } = drive(same, fakeEnvironment());
    await request('{"stream":true}');
    const answers = await respond({ ":status": "429", ...sse }, ["slow ", "down"]);
    expect(bodyOf(answers)).toBe("slow down");
    expect(metadataOf(answers)).toEqual({ in: 0, total: 0 });
  });

  test("without usage it is marked, and the estimate stays", async () => {
    const env = fakeEnvironment();
    const { request, respond } = drive(same, env);
    await request('{"model":"asked"}');
    const answers = await respond({}, ['{"a":', '"answer"}']);
    expect(metadataOf(answers)).toMatchObject({ in: 5, total: 9, usage_missing: true });
    expect(env.told).toEqual(["usage missing"]);
  });

  test("a reader of usage that fails does not break it", async () => {
    const env = fakeEnvironment();
    const { request, respond } = drive(same, env);
    await request("{}");
    const answers = await respond({}, ["explode", "d"]);
    expect(bodyOf(answers)).toBe("exploded");
    expect(env.told).toEqual(["failed observer", "usage missing"]);
  });

  test("one that is too large to hold goes by, its usage unread", async () => {
    const env = fakeEnvironment();
    const { request, respond } = drive(same, env);
    await request("{}");
    const answers = await respond({}, ["x".repeat(5000), '"total":1']);
    expect(bodyOf(answers)).toHaveLength(5009);
    expect(metadataOf(answers)).toMatchObject({ usage_missing: true });
  });

  test.each([BodyMode.streamed, BodyMode.buffered])("body mode %d", async (mode) => {
    const { request, respond } = drive(same, fakeEnvironment(), mode);
    await request("{}");
    const answers = await respond({}, ['"total":4']);
    expect(answers.map(({ answer }) => answer)).toEqual([
      { kind: "response-headers" },
      { kind: "response-body" },
    ]);
    expect(metadataOf(answers)).toMatchObject({ total: 4 });
  });
});

describe("from a provider of another protocol, an answer", () => {
  const ask = async (
    stream: boolean,
    env = fakeEnvironment(),
    mode: number = BodyMode.fullDuplex,
  ) => {
    const driven = drive(other, env, mode);
    await driven.request(JSON.stringify({ model: "m", stream }));
    return driven;
  };

  test("whole", async () => {
    const { respond } = await ask(false);
    const answers = await respond({ "content-type": "x/y", "content-length": "9" }, [answered]);
    expect(bodyOf(answers)).toBe('{"text":"hello"}');
    expect(answers[0]?.answer).toEqual({
      kind: "response-headers",
      headers: {
        set: [["content-type", "application/json"]],
        remove: ["content-length", "content-encoding"],
      },
    });
    expectEnded(answers);
    expect(metadataOf(answers)).toEqual({
      in: 3,
      total: 7,
      "gen_ai.usage": "inputTokens=3 outputTokens=4 totalTokens=7 model=real",
    });
  });

  test("streamed, however it is cut; heads and latencies with the first bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(answered.length), { maxLength: 6 }), async (cuts) => {
        let clock = 0;
        const { respond } = await ask(true, fakeEnvironment({ now: () => (clock += 1) }));
        const at = [0, ...[...cuts].sort((a, b) => a - b), answered.length];
        const answers = await respond(
          {},
          at.slice(1).map((to, index) => answered.slice(at[index], to)),
        );
        expect(bodyOf(answers)).toBe("data: hel\n\ndata: lo\n\ndata: [DONE]\n\n");
        expect(answers.map(({ answer }) => answer.kind).indexOf("response-headers")).toBe(0);
        expect(answers[0] && headersSet(answers[0])).toEqual({
          "content-type": "text/event-stream",
        });
        expectEnded(answers);
        expect(metadataOf(answers)).toMatchObject({
          total: 7,
          token_latency_ttft: expect.any(Number),
          token_latency_itl: expect.any(Number),
        });
      }),
      { numRuns: 60 },
    );
  });

  test("estimates grow while it streams, once a second", async () => {
    let clock = 0;
    const { tell } = await ask(true, fakeEnvironment({ now: () => clock }));
    await tell({
      kind: "response-headers",
      headers: lookup({ ":status": "200" }),
      endOfStream: false,
    });
    const totals: unknown[] = [];
    for (const at of [100, 1100, 1200, 2300]) {
      clock = at;
      const body = Buffer.from(lines(...text("x".repeat(40))));
      totals.push(
        metadataOf(await tell({ kind: "response-body", body, endOfStream: false })).total,
      );
    }
    expect(totals).toEqual([undefined, 27, undefined, 47]);
  });

  test("an error of the provider's gets the client's shape", async () => {
    const { respond } = await ask(true);
    const answers = await respond({ ":status": "429", "content-type": "text/plain" }, ["slow"]);
    expect(JSON.parse(bodyOf(answers))).toEqual({
      error: { status: 429, message: "the provider says: slow" },
    });
    expect(answers[0] && headersSet(answers[0])).toEqual({
      "content-type": "application/json",
      "retry-after": "7",
    });
    expect(metadataOf(answers)).toEqual({ in: 0, total: 0 });
  });

  test("a status that the provider's reader corrects is set, and its own Retry-After stays", async () => {
    const { respond } = await ask(false);
    const answers = await respond({ ":status": "418", "retry-after": "3" }, ["teapot"]);
    expect(answers[0] && headersSet(answers[0])).toEqual({
      ":status": "503",
      "content-type": "application/json",
    });
  });

  test("an answer that cannot be read is a 502, which can be retried", async () => {
    const env = fakeEnvironment();
    const { respond } = await ask(false, env);
    const answers = await respond({}, ["nonsense", "\n"]);
    expect(answers[0] && headersSet(answers[0])).toMatchObject({ ":status": "502" });
    expect(JSON.parse(bodyOf(answers)).error.message).toMatch(/not JSON/);
    expectEnded(answers);
    expect(env.told).toEqual(["failed the provider's answer is not JSON"]);
  });

  test.each([
    ["cut off", lines(...text("hel")), "ended before it was complete"],
    ["damaged", `${lines(...text("hel"))}nonsense\n`, "not JSON"],
    [
      "failed",
      lines(...text("hel"), { type: "error", error: { status: 0, message: "overloaded" } }),
      "overloaded",
    ],
  ])("a stream that is %s ends with an error event", async (_name, sent, message) => {
    const { respond } = await ask(true);
    const answers = await respond({}, [...sent.split(/(?<=\n)/), ""]);
    expect(bodyOf(answers)).toMatch(
      new RegExp(`^data: hel\\n\\ndata: {"error":"[^"]*${message}"}\\n\\n$`),
    );
    expect(answers[0] && headersSet(answers[0])).not.toHaveProperty(":status");
    expectEnded(answers);
    expect(metadataOf(answers)).toMatchObject({ usage_missing: true, in: 7 });
  });

  test("a stream that fails before its first word becomes an error with a status", async () => {
    const { respond } = await ask(true);
    const error = { status: 529, message: "overloaded", kind: "overloaded", retryAfter: 2 };
    const answers = await respond({}, [lines({ type: "error", error }), lines(end)]);
    expect(answers[0] && headersSet(answers[0])).toEqual({
      ":status": "529",
      "content-type": "application/json",
      "retry-after": "2",
    });
  });

  test("a whole answer above the limit is a 502", async () => {
    const { respond } = await ask(false);
    const answers = await respond({}, [lines(...text("x".repeat(5000))), lines(end)]);
    expect(answers[0] && headersSet(answers[0])).toMatchObject({ ":status": "502" });
    expect(bodyOf(answers)).toContain("4096 bytes");
  });

  test("an answer without a body keeps an error's status, and is a 502 where it promised more", async () => {
    for (const [status, set] of [
      ["503", {}],
      ["200", { ":status": "502" }],
    ] as const) {
      const { tell } = await ask(false);
      const headers = lookup({ ":status": status });
      const answers = await tell({ kind: "response-headers", headers, endOfStream: true });
      expect(answers).toHaveLength(1);
      expect(answers[0] && headersSet(answers[0])).toEqual(set);
      expect(metadataOf(answers)).toEqual({ in: 0, total: 0 });
    }
  });

  test("trailers end an answer as well", async () => {
    const { tell } = await ask(false);
    await tell({
      kind: "response-headers",
      headers: lookup({ ":status": "200" }),
      endOfStream: false,
    });
    await tell({ kind: "response-body", body: Buffer.from(answered), endOfStream: false });
    const answers = await tell({ kind: "response-trailers" });
    expect(answers.at(-1)?.answer.kind).toBe("response-trailers");
    expect(metadataOf(answers)).toMatchObject({ total: 7 });
  });

  test("in the streamed mode each piece gets an answer", async () => {
    const { respond } = await ask(false, fakeEnvironment(), BodyMode.streamed);
    const half = answered.length / 2;
    const answers = await respond({}, [answered.slice(0, half), answered.slice(half)]);
    expect(answers.map(({ answer }) => answer.kind)).toEqual([
      "response-headers",
      "response-body",
      "response-body",
    ]);
    expect(bodyOf(answers)).toBe('{"text":"hello"}');
  });

  describe("compressed", () => {
    const codecs = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };

    test.each(Object.entries(codecs))("%s, however it is cut", async (name, compress) => {
      const packed = compress(answered);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(packed.length), { maxLength: 4 }), async (cuts) => {
          const at = [0, ...[...cuts].sort((a, b) => a - b), packed.length];
          const pieces = at.slice(1).map((to, index) => packed.subarray(at[index], to));
          const { respond } = await ask(false);
          const answers = await respond({ "content-encoding": name }, pieces);
          expect(bodyOf(answers)).toBe('{"text":"hello"}');
          expectEnded(answers);
          expect(metadataOf(answers)).toMatchObject({ total: 7 });
        }),
        { numRuns: 30 },
      );
    });

    test("a stream is unpacked as it comes", async () => {
      const { tell } = await ask(true);
      const { createGzip, constants } = await import("node:zlib");
      const gzip = createGzip();
      const packed: Buffer[] = [];
      gzip.on("data", (piece: Buffer) => packed.push(piece));
      gzip.write(lines(...text("hel")));
      await new Promise<void>((done) => gzip.flush(constants.Z_SYNC_FLUSH, done));
      const headers = lookup({ ":status": "200", "content-encoding": "gzip" });
      await tell({ kind: "response-headers", headers, endOfStream: false });
      const body = Buffer.concat(packed);
      const answers = await tell({ kind: "response-body", body, endOfStream: false });
      expect(bodyOf(answers)).toBe("data: hel\n\n");
    });

    test("what goes by untouched stays packed, and its usage is read all the same", async () => {
      const { request, respond } = drive(same, fakeEnvironment());
      await request("{}");
      const packed = gzipSync('{"total":8}');
      const answers = await respond({ "content-encoding": "gzip" }, [packed]);
      const [, { answer } = { answer: undefined }] = answers;
      expect(answer).toEqual({
        kind: "response-body",
        body: { mode: "stream", parts: [packed], endOfStream: true },
      });
      expect(metadataOf(answers)).toMatchObject({ total: 8 });
    });

    test.each([
      ["cut off", gzipSync(answered).subarray(0, 20), "gzip"],
      ["damaged", Buffer.from("not at all"), "gzip"],
      ["of an unknown kind", Buffer.from(answered), "compress"],
      ["a bomb", gzipSync(Buffer.alloc(1_000_000)), "gzip"],
    ])("one that is %s is a 502", async (_name, packed, encoding) => {
      const { respond } = await ask(false);
      const answers = await respond({ "content-encoding": encoding }, [packed]);
      expect(answers[0] && headersSet(answers[0])).toMatchObject({ ":status": "502" });
      expect(metadataOf(answers)).toEqual({ in: 0, total: 0 });
    });
  });
});
