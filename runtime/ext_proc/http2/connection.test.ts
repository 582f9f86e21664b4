/** The server's side of HTTP/2, with Node's own as its peer, and with frames that no client should send. */
import { type ClientHttp2Session, type ClientSessionOptions, connect, constants } from "node:http2";
import {
  type AddressInfo,
  createServer,
  type Server,
  type Socket,
  connect as toServer,
} from "node:net";
import fc from "fast-check";
import { Connection } from "./connection.ts";
import { ErrorCode } from "./errors.ts";
import {
  Flag,
  type Frame,
  FrameSplitter,
  FrameType,
  frame,
  numbersFrame,
  PREFACE,
  settingsFrame,
} from "./frames.ts";
import { encodeHeaders } from "./hpack.ts";
import type { Stream } from "./stream.ts";

const MIB = 1024 * 1024;
const RESPONSE = encodeHeaders([
  [":status", "200"],
  ["content-type", "text/plain"],
]);
const TRAILERS = encodeHeaders([["checked", "yes"]]);
const REQUEST = encodeHeaders([
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/echo"],
]);

/** Says back what it hears. */
function echo(stream: Stream): void {
  stream.respond(RESPONSE);
  stream.reader = {
    data: (chunk) => stream.write(Buffer.from(chunk)),
    end: () => stream.finish(TRAILERS),
    closed: () => undefined,
  };
}

/** A connection behind a socket; what comes is cut after every so many bytes. */
function serve(socket: Socket, accept: (stream: Stream) => void, cut: number): Connection {
  const connection = new Connection(
    {
      write: (parts) => void socket.write(Buffer.concat(parts)),
      backlog: () => socket.writableLength,
      end: () => socket.end(),
    },
    accept,
  );
  socket.on("data", (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += cut) connection.receive(chunk.subarray(at, at + cut));
  });
  socket.on("drain", () => connection.drained());
  socket.on("error", () => undefined);
  socket.on("close", () => connection.closed());
  return connection;
}

let server: Server;
beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

async function dial(
  accept: (stream: Stream) => void,
  settings: ClientSessionOptions["settings"] = {},
  cut = 1 << 16,
): Promise<{ client: ClientHttp2Session; connection: Connection }> {
  const far = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const near = toServer((server.address() as AddressInfo).port, "127.0.0.1");
  const connection = serve(await far, accept, cut);
  const client = connect("http://host", { createConnection: () => near, settings });
  client.on("error", () => undefined);
  return { client, connection };
}

interface Answer {
  body: Buffer;
  trailers: unknown;
  code: number;
}

function ask(client: ClientHttp2Session, parts: readonly Buffer[]): Promise<Answer> {
  return new Promise((resolve) => {
    const stream = client.request({ ":method": "POST", ":path": "/echo", te: "trailers" });
    const got: Buffer[] = [];
    let trailers: unknown;
    stream.on("data", (chunk: Buffer) => got.push(chunk));
    stream.on("trailers", (fields) => {
      trailers = fields.checked;
    });
    stream.on("error", () => undefined);
    stream.on("close", () => {
      resolve({ body: Buffer.concat(got), trailers, code: stream.rstCode });
    });
    for (const part of parts) stream.write(part);
    stream.end();
  });
}

describe("with Node's client", () => {
  test("streams carry any bytes, through windows and frames of any size, cut anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 4 }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.record({
          initialWindowSize: fc.constantFrom(1_000, 20_000, 65_535, MIB),
          maxFrameSize: fc.constantFrom(16_384, 65_536),
          headerTableSize: fc.constantFrom(0, 4096, 65_536),
        }),
        fc.constantFrom(1000, 16_384, 1 << 16),
        async (bodies, settings, cut) => {
          const streams: Stream[] = [];
          const accept = (stream: Stream) => {
            streams.push(stream);
            echo(stream);
          };
          const { client } = await dial(accept, settings, cut);
          const sent = bodies.map((sizes) =>
            sizes.map((size, index) => Buffer.alloc(size, `${index}${size}.`)),
          );
          const answers = await Promise.all(sent.map((parts) => ask(client, parts)));
          answers.forEach(({ body, trailers, code }, index) => {
            expect(body.equals(Buffer.concat(sent[index] ?? []))).toBe(true);
            expect([trailers, code]).toEqual(["yes", 0]);
          });
          expect(streams.every((stream) => stream.isClosed)).toBe(true);
          client.destroy();
        },
      ),
      { numRuns: 40 },
    );
  });

  test("more than any window, both ways, and a window that changes under way", async () => {
    const { client } = await dial(echo);
    const parts = Array.from({ length: 6 }, (_, index) => Buffer.alloc(MIB, `${index}`));
    // More than half of the connection's window, upon which the peer is given room again.
    for (let round = 0; round < 12; round += 1) {
      const asked = ask(client, parts);
      client.settings({ initialWindowSize: 20_000 });
      client.settings({ initialWindowSize: MIB });
      const { body, trailers } = await asked;
      expect(body.equals(Buffer.concat(parts))).toBe(true);
      expect(trailers).toBe("yes");
    }
    client.destroy();
  });

  test("a stream that is paused gets no more than its window; others go on", async () => {
    let taken = 0;
    let held: Stream | undefined;
    const { client } = await dial((stream) => {
      if (held !== undefined) return echo(stream);
      held = stream;
      stream.pause();
      stream.respond(RESPONSE);
      stream.reader = {
        data: (chunk) => {
          taken += chunk.length;
        },
        end: () => stream.finish(TRAILERS),
        closed: () => undefined,
      };
    });
    const slow = ask(client, [Buffer.alloc(5 * MIB)]);
    expect((await ask(client, [Buffer.alloc(2 * MIB)])).trailers).toBe("yes");
    expect(taken).toBe(MIB);
    held?.resume();
    expect((await slow).trailers).toBe("yes");
    expect(taken).toBe(5 * MIB);
    client.destroy();
  });

  test("what a peer does not read waits with its stream, and its reader hears when it went", async () => {
    let sent = 0;
    let answering: Stream | undefined;
    const { client } = await dial(
      (stream) => {
        answering = stream;
        stream.respond(RESPONSE);
        stream.reader = {
          data: () => undefined,
          end: () => stream.write(Buffer.alloc(3 * MIB)),
          closed: () => undefined,
          sent: () => {
            sent += 1;
            if (stream.unsent === 0) stream.finish(TRAILERS);
          },
        };
      },
      { initialWindowSize: 10_000 },
    );
    const request = client.request({ ":method": "POST", ":path": "/" });
    await new Promise((resolve) => request.once("response", resolve));
    request.end();
    await new Promise((resolve) => request.once("readable", resolve));
    expect(answering?.unsent).toBeGreaterThan(2 * MIB);
    let read = 0;
    request.on("data", (chunk: Buffer) => {
      read += chunk.length;
    });
    await new Promise((resolve) => request.once("close", resolve));
    expect(read).toBe(3 * MIB);
    expect(sent).toBeGreaterThan(0);
    client.destroy();
  });

  test("an answer to half a request ends with its trailers, and then the stream", async () => {
    const { client } = await dial((stream) => {
      stream.reader = { data: () => undefined, end: () => undefined, closed: () => undefined };
      stream.respond(RESPONSE);
      stream.write(Buffer.from("enough"));
      stream.finish(TRAILERS);
    });
    const request = client.request({ ":method": "POST", ":path": "/" }, { endStream: false });
    const trailers = new Promise((resolve) => request.once("trailers", resolve));
    const closed = new Promise((resolve) => request.once("close", resolve));
    request.resume();
    expect(await trailers).toMatchObject({ checked: "yes" });
    await closed;
    expect(request.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    client.destroy();
  });

  test("a reset closes the stream, once", async () => {
    let closed = 0;
    let opened: () => void = () => undefined;
    const { client } = await dial((stream) => {
      stream.respond(RESPONSE);
      stream.reader = {
        data: () => opened(),
        end: () => undefined,
        closed: () => {
          closed += 1;
        },
      };
    });
    const request = client.request({ ":method": "POST", ":path": "/" }, { endStream: false });
    request.on("error", () => undefined);
    const open = new Promise<void>((resolve) => {
      opened = resolve;
    });
    request.write("a");
    await open;
    request.close(constants.NGHTTP2_CANCEL);
    await new Promise((resolve) => request.once("close", resolve));
    await new Promise<void>((resolve) => client.ping(() => resolve()));
    expect(closed).toBe(1);
    client.destroy();
  });

  test("an end that was announced refuses nothing; the end itself lets streams finish", async () => {
    const { client, connection } = await dial(echo);
    const goaways: unknown[] = [];
    client.on("goaway", (code, last) => goaways.push([code, last]));
    const open = client.request({ ":method": "POST", ":path": "/" }, { endStream: false });
    open.on("error", () => undefined);
    await new Promise((resolve) => open.once("response", resolve));
    connection.announceEnd();
    connection.shutdown();
    open.end("last words");
    const said = new Promise((resolve) => open.once("data", (chunk) => resolve(`${chunk}`)));
    expect(await said).toBe("last words");
    await new Promise((resolve) => client.once("close", resolve));
    expect(goaways).toEqual([
      [0, 2 ** 31 - 1],
      [0, 1],
    ]);
  });
});

/** Frames in, frames out. */
function exchange(accept: (stream: Stream) => void = echo) {
  const splitter = new FrameSplitter();
  const out: Frame[] = [];
  let ended = false;
  const connection = new Connection(
    {
      write: (parts) => out.push(...splitter.push(Buffer.concat(parts))),
      backlog: () => 0,
      end: () => {
        ended = true;
      },
    },
    accept,
  );
  connection.receive(Buffer.concat([PREFACE, settingsFrame({})]));
  out.length = 0;
  return {
    connection,
    /** What it said to these, in short. */
    say(...frames: Buffer[]): string[] {
      out.length = 0;
      connection.receive(Buffer.concat(frames));
      return out.map(short).concat(ended ? ["end"] : []);
    },
  };
}

const NAMES = Object.fromEntries(Object.entries(FrameType).map(([name, type]) => [type, name]));
function short({ type, stream, payload }: Frame): string {
  const name = NAMES[type];
  if (type === FrameType.rstStream) return `${name} ${stream}: ${payload.readUInt32BE()}`;
  if (type === FrameType.goaway) return `${name}: ${payload.readUInt32BE(4)}`;
  if (type === FrameType.data) return `${name} ${stream}: ${payload}`;
  return stream === 0 ? `${name}` : `${name} ${stream}`;
}

const headers = (stream: number, flags: number = Flag.endHeaders, block = REQUEST): Buffer =>
  frame(FrameType.headers, flags, stream, block);
const data = (stream: number, text: string, flags = 0): Buffer =>
  frame(FrameType.data, flags, stream, Buffer.from(text));
const none = Buffer.alloc(0);
const { protocol, flowControl, streamClosed, frameSize, compression, enhanceYourCalm } = ErrorCode;

describe("what ends the connection", () => {
  const rows: [name: string, frames: Buffer[], code: number][] = [
    ["data of a stream that is idle", [data(1, "a")], protocol],
    ["data of no stream", [data(0, "a")], protocol],
    ["headers of no stream", [headers(0)], protocol],
    ["a stream with an even number", [headers(2)], protocol],
    ["headers of a stream that is closed", [headers(5), headers(3)], streamClosed],
    ["a push", [frame(FrameType.pushPromise, 0, 1, none)], protocol],
    ["a reset of an idle stream", [numbersFrame(FrameType.rstStream, 1, 0)], protocol],
    ["a reset of a wrong size", [headers(1), frame(FrameType.rstStream, 0, 1, none)], frameSize],
    ["a window of a wrong size", [frame(FrameType.windowUpdate, 0, 0, none)], frameSize],
    ["a window that grows by nothing", [numbersFrame(FrameType.windowUpdate, 0, 0)], protocol],
    ["a window too large", [numbersFrame(FrameType.windowUpdate, 0, 2 ** 31 - 1)], flowControl],
    ["a window of an idle stream", [numbersFrame(FrameType.windowUpdate, 1, 1)], protocol],
    ["settings of a stream", [frame(FrameType.settings, 0, 1, none)], protocol],
    ["settings of a wrong size", [frame(FrameType.settings, 0, 0, Buffer.alloc(5))], frameSize],
    [
      "an answer to settings with more",
      [frame(FrameType.settings, 1, 0, Buffer.alloc(6))],
      frameSize,
    ],
    ["push neither on nor off", [settingsFrame({ enablePush: 2 })], protocol],
    ["an initial window too large", [settingsFrame({ initialWindowSize: 2 ** 31 })], flowControl],
    ["frames too small", [settingsFrame({ maxFrameSize: 16_383 })], protocol],
    ["frames too large", [settingsFrame({ maxFrameSize: 2 ** 24 })], protocol],
    [
      "a window that settings make too large",
      [
        headers(1),
        numbersFrame(FrameType.windowUpdate, 1, 2 ** 31 - 1 - 65_535),
        settingsFrame({ initialWindowSize: 65_536 }),
      ],
      flowControl,
    ],
    ["a ping of a wrong size", [frame(FrameType.ping, 0, 0, Buffer.alloc(7))], frameSize],
    ["a ping of a stream", [frame(FrameType.ping, 0, 1, Buffer.alloc(8))], protocol],
    ["a goaway of a stream", [frame(FrameType.goaway, 0, 1, Buffer.alloc(8))], protocol],
    ["a priority of no stream", [frame(FrameType.priority, 0, 0, Buffer.alloc(5))], protocol],
    ["a continuation of nothing", [frame(FrameType.continuation, 4, 1, none)], protocol],
    ["data inside a header block", [headers(1, 0), data(1, "a")], protocol],
    [
      "another stream's continuation",
      [headers(1, 0), frame(FrameType.continuation, 4, 3, none)],
      protocol,
    ],
    ["a frame too large", [frame(FrameType.data, 0, 1, Buffer.alloc(16_385))], frameSize],
    [
      "padding longer than its frame",
      [headers(1), frame(FrameType.data, Flag.padded, 1, Buffer.of(9))],
      protocol,
    ],
    [
      "a priority that is cut off",
      [headers(1, Flag.priority | Flag.endHeaders, Buffer.alloc(4))],
      frameSize,
    ],
    ["headers that are no HPACK", [headers(1, Flag.endHeaders, Buffer.of(0x80))], compression],
    [
      "a header block without end",
      [
        headers(1, 0),
        ...Array.from({ length: 5 }, () =>
          frame(FrameType.continuation, 0, 1, Buffer.alloc(16_384)),
        ),
      ],
      enhanceYourCalm,
    ],
    [
      "a header block of empty frames without end",
      [
        headers(1, 0),
        ...Array.from({ length: 65_536 }, () => frame(FrameType.continuation, 0, 1, none)),
      ],
      enhanceYourCalm,
    ],
  ];
  test.each(rows)("%s", (_name, frames, code) => {
    const streams: Stream[] = [];
    const { say } = exchange((stream) => {
      streams.push(stream);
    });
    expect(say(...frames).slice(-2)).toEqual([`goaway: ${code}`, "end"]);
    expect(streams.every((stream) => stream.isClosed)).toBe(true);
    expect(say(headers(101))).toEqual(["end"]);
  });

  test("another protocol", () => {
    const written: Buffer[] = [];
    let ended = false;
    const connection = new Connection(
      {
        write: (parts) => written.push(...parts),
        backlog: () => 0,
        end: () => {
          ended = true;
        },
      },
      echo,
    );
    connection.receive(Buffer.from("PRI * HT"));
    expect(ended).toBe(false);
    connection.receive(Buffer.from("GET / HTTP/1.1"));
    expect(ended).toBe(true);
  });

  test("a peer that makes us speak and does not listen", () => {
    let backlog = 0;
    const connection = new Connection(
      {
        write: (_parts, size) => {
          backlog += size;
        },
        backlog: () => backlog,
        end: () => undefined,
      },
      echo,
    );
    connection.receive(Buffer.concat([PREFACE, settingsFrame({})]));
    const pings = Buffer.concat(
      Array.from({ length: 10_000 }, () => frame(FrameType.ping, 0, 0, Buffer.alloc(8))),
    );
    for (let round = 0; round < 1000; round += 1) connection.receive(pings);
    expect(backlog).toBeLessThan(65 * MIB);
  });
});

describe("what ends a stream alone", () => {
  const bad = (...fields: [string, string][]): Buffer =>
    headers(1, Flag.endHeaders, encodeHeaders(fields));
  const pseudo: [string, string][] = [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", "/"],
  ];
  test.each<[string, Buffer[], string[]]>([
    ["no path", [bad([":method", "GET"], [":scheme", "http"])], [`rstStream 1: ${protocol}`]],
    ["a path twice", [bad(...pseudo, [":path", "/"])], [`rstStream 1: ${protocol}`]],
    ["a status", [bad(...pseudo, [":status", "200"])], [`rstStream 1: ${protocol}`]],
    [
      "a late method",
      [bad(...pseudo.slice(1), ["a", "b"], [":method", "GET"])],
      [`rstStream 1: ${protocol}`],
    ],
    ["capitals", [bad(...pseudo, ["Content-Type", "a"])], [`rstStream 1: ${protocol}`]],
    ["a field of HTTP/1", [bad(...pseudo, ["connection", "close"])], [`rstStream 1: ${protocol}`]],
    ["te for more than trailers", [bad(...pseudo, ["te", "gzip"])], [`rstStream 1: ${protocol}`]],
    [
      "data behind its end",
      [headers(1), data(1, "", Flag.endStream), data(1, "b")],
      ["headers 1", `rstStream 1: ${streamClosed}`],
    ],
    [
      "data behind its reset",
      [headers(1), numbersFrame(FrameType.rstStream, 1, 0), data(1, "b")],
      ["headers 1", `rstStream 1: ${streamClosed}`],
    ],
    [
      "trailers that do not end it",
      [headers(1), headers(1, Flag.endHeaders, TRAILERS)],
      ["headers 1", `rstStream 1: ${protocol}`],
    ],
    [
      "a window that grows by nothing",
      [headers(1), numbersFrame(FrameType.windowUpdate, 1, 0)],
      ["headers 1", `rstStream 1: ${protocol}`],
    ],
    [
      "a window too large",
      [headers(1), numbersFrame(FrameType.windowUpdate, 1, 2 ** 31 - 1)],
      ["headers 1", `rstStream 1: ${flowControl}`],
    ],
    [
      "a priority of a wrong size",
      [frame(FrameType.priority, 0, 1, none)],
      [`rstStream 1: ${frameSize}`],
    ],
    [
      "more than its window",
      [headers(1), ...Array.from({ length: 65 }, () => data(1, "x".repeat(16_384)))],
      ["headers 1", `rstStream 1: ${flowControl}`],
    ],
  ])("%s", (_name, frames, said) => {
    const { say } = exchange((stream) => {
      stream.respond(RESPONSE);
      stream.pause();
    });
    expect(say(...frames)).toEqual(said);
    expect(say(headers(7), numbersFrame(FrameType.windowUpdate, 0, 1))).toEqual(["headers 7"]);
  });

  test("a stream after the word that none is wanted", () => {
    const { say, connection } = exchange();
    say(headers(1));
    connection.shutdown();
    expect(say(headers(3), data(1, "a"))).toEqual([`rstStream 3: 7`, "data 1: a"]);
  });
});

describe("what is passed over", () => {
  test.each<[string, Buffer[]]>([
    ["frames of types to come", [frame(99, 255, 7, Buffer.alloc(100))]],
    ["a priority", [frame(FrameType.priority, 0, 3, Buffer.alloc(5))]],
    ["an answer to a ping", [frame(FrameType.ping, Flag.ack, 0, Buffer.alloc(8))]],
    ["a goaway", [numbersFrame(FrameType.goaway, 0, 0, 0)]],
    ["an answer to settings", [frame(FrameType.settings, Flag.ack, 0, none)]],
  ])("%s", (_name, frames) => {
    expect(exchange().say(...frames)).toEqual([]);
  });

  test("padding, priorities and cuts of headers, trailers of requests", () => {
    const { say } = exchange();
    const padded = Buffer.concat([
      Buffer.of(2),
      Buffer.alloc(5),
      REQUEST.subarray(0, 9),
      Buffer.alloc(2),
    ]);
    expect(
      say(
        frame(FrameType.headers, Flag.padded | Flag.priority, 1, padded),
        frame(FrameType.continuation, 0, 1, none),
        frame(FrameType.continuation, Flag.endHeaders, 1, REQUEST.subarray(9)),
        frame(FrameType.data, Flag.padded, 1, Buffer.from("\u0003abc\0\0\0")),
        headers(1, Flag.endHeaders | Flag.endStream, TRAILERS),
      ),
    ).toEqual(["headers 1", "data 1: abc", "headers 1"]);
  });

  test("an end whose stream is reset right behind it gets no answer", () => {
    const { say } = exchange();
    const reset = numbersFrame(FrameType.rstStream, 1, ErrorCode.cancel);
    expect(say(headers(1), data(1, "a", Flag.endStream), reset)).toEqual([
      "headers 1",
      "data 1: a",
    ]);
  });
});

test("bytes without any sense never crash it", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 10 }),
          fc.integer({ min: 0, max: 255 }),
          fc.integer({ min: 0, max: 6 }),
          fc.uint8Array({ maxLength: 40 }),
        ),
        { maxLength: 20 },
      ),
      (frames) => {
        const { say } = exchange();
        say(headers(1));
        for (const [type, flags, stream, payload] of frames) {
          say(frame(type, flags, stream, Buffer.from(payload)));
        }
      },
    ),
    { numRuns: 500 },
  );
});
