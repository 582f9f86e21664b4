import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { readLogBodies } from "../../runtime/ext_proc/accounting/decode.ts";
import { checkCostExpression } from "../../runtime/ext_proc/cost/expression.ts";
import { Connection } from "../../runtime/ext_proc/http2/connection.ts";
import {
  Flag,
  FrameType,
  frame as http2Frame,
  numbersFrame,
  PREFACE,
  settingsFrame,
} from "../../runtime/ext_proc/http2/frames.ts";
import { createInflater } from "../../runtime/ext_proc/pipeline/inflate.ts";
import { hideUsageChunk } from "../../runtime/ext_proc/pipeline/usage-chunk.ts";
import { registries } from "../../runtime/ext_proc/registries.ts";
import { endCall, GrpcStatus } from "../../runtime/ext_proc/server/grpc.ts";
import { ProgramCache } from "../../runtime/ext_proc/session/programs.ts";
import { Session } from "../../runtime/ext_proc/session/session.ts";
import { FrameReader } from "../../runtime/ext_proc/wire/framing.ts";
import { Reader, WireError } from "../../runtime/ext_proc/wire/reader.ts";
import { decodeProcessingRequest } from "../../runtime/ext_proc/wire/request.ts";
import { encodeProcessingResponse } from "../../runtime/ext_proc/wire/response.ts";
import { UserError } from "../../runtime/lib/errors.ts";
import { eventStreamDecoder } from "../../runtime/lib/event-stream.ts";
import { scanObject, spliceObject } from "../../runtime/lib/json-splice.ts";
import { editForm, scanForm } from "../../runtime/lib/multipart.ts";
import { sseParser } from "../../runtime/lib/sse.ts";
import { readFinishedLine } from "../../runtime/program/finished-line.ts";
import { decodeProgram, encodeProgram, type Program } from "../../runtime/program/program.ts";
import { attempt, bodyOf, FORM_TYPE, hear } from "../contract/providers/exchange.ts";
import { frame, jsonOrText } from "../contract/providers/wire.ts";
import { messages } from "./messages.ts";
import { cutAnyhow, mutateBytes, mutateJson } from "./mutate.ts";
import type { Random } from "./random.ts";
import type { Seed } from "./seeds.ts";

/** One parser: `run` feeds it one input, and throws where it did what no parser may. */
export interface Target {
  name: string;
  run(random: Random): void | Promise<void>;
}

/** A complaint about the input is an answer; anything else that is thrown is a bug. */
function tolerate(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError && error.status >= 400 && error.status < 600) return;
    if (error instanceof WireError) return;
    throw error;
  }
}

/** Clients send objects, of whatever kind. */
const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : { value };

const HEADERS = { "content-type": "text/event-stream" };
const COMPRESSED: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: zstdCompressSync,
};
const EDIT = new Map([
  ["model", '"another"'],
  ["gone", undefined],
]);

/** What a client may say; the header block is RFC 7541's, with Huffman's code and the table. */
const REQUEST = Buffer.from("828684418cf1e3c2e5f23a6ba0ab90f4ff58086e6f2d6361636865", "hex");
const CONNECTION = [
  settingsFrame({ initialWindowSize: 1000, headerTableSize: 100 }),
  http2Frame(FrameType.headers, 0, 1, REQUEST.subarray(0, 7)),
  http2Frame(FrameType.continuation, Flag.endHeaders, 1, REQUEST.subarray(7)),
  http2Frame(FrameType.data, 0, 1, Buffer.alloc(2000, "a")),
  numbersFrame(FrameType.windowUpdate, 1, 5000),
  numbersFrame(FrameType.windowUpdate, 0, 5000),
  http2Frame(FrameType.headers, Flag.endHeaders, 3, REQUEST),
  http2Frame(FrameType.ping, 0, 0, Buffer.alloc(8)),
  http2Frame(FrameType.data, Flag.endStream | Flag.padded, 3, Buffer.from("\u0002bytes\0\0")),
  settingsFrame({ initialWindowSize: 10 }),
  http2Frame(FrameType.data, Flag.endStream, 1, Buffer.from("b")),
  numbersFrame(FrameType.rstStream, 1, 8),
];
const mutated = (random: Random, bytes: Buffer): Buffer =>
  random.chance(0.85) ? bytes : mutateBytes(random, bytes);

export function targetsOf(seeds: readonly Seed[]): Target[] {
  const request = (random: Random, seed: Seed, stream: boolean): Buffer => {
    const { endpoint } = seed.pair;
    const asked = stream ? { ...seed.exchange.request, stream: true } : seed.exchange.request;
    return bodyOf(endpoint, random.chance(0.3) ? asObject(mutateJson(random, asked)) : asked);
  };
  const whole = seeds.filter(({ exchange }) => exchange.whole);
  const streamed = seeds.filter(({ exchange }) => exchange.stream);

  return [
    {
      name: "requests",
      run(random) {
        const seed = random.pick(seeds);
        const json = mutateJson(random, seed.exchange.request);
        const body = bodyOf(seed.pair.endpoint, asObject(json));
        const raw = random.chance(0.5) ? body : mutateBytes(random, body);
        tolerate(() => void attempt(seed.pair, raw));
      },
    },
    {
      name: "whole answers",
      run(random) {
        const seed = random.pick(whole);
        const { answer, headers } = seed.exchange.whole as NonNullable<Seed["exchange"]["whole"]>;
        const value = random.chance(0.5) ? mutateJson(random, answer) : answer;
        const bytes = Buffer.from(jsonOrText(value));
        listen(random, seed, request(random, seed, false), bytes, headers);
      },
    },
    {
      name: "streamed answers",
      run(random) {
        const seed = random.pick(streamed);
        const { answer } = seed.exchange.stream as NonNullable<Seed["exchange"]["stream"]>;
        const events = answer.map(({ event, data }) => ({
          ...(event === undefined ? {} : { event }),
          data: random.chance(0.2) ? mutateJson(random, data) : data,
        }));
        const bytes = frame(
          seed.framing,
          events.filter(({ data }) => !/[\r\n]/.test(jsonOrText(data))),
        );
        listen(random, seed, request(random, seed, true), bytes, HEADERS);
      },
    },
    {
      name: "errors of providers",
      run(random) {
        const seed = random.pick(seeds);
        const body = Buffer.from('{"error": {"message": "m", "type": "t", "code": 3}}');
        const status = 400 + random.below(200);
        const bytes = mutateBytes(random, body);
        tolerate(() => {
          hear(attempt(seed.pair, request(random, seed, false)), cutAnyhow(random, bytes), status);
        });
      },
    },
    {
      name: "JSON objects as bytes",
      run(random) {
        const json = Buffer.from(JSON.stringify(random.pick(seeds).exchange.request));
        const bytes = mutateBytes(random, json);
        tolerate(() => {
          scanObject(bytes);
          const edited = spliceObject(bytes, EDIT);
          if (scanObject(edited).length === 0) throw new Error("the edit is gone");
        });
      },
    },
    {
      name: "server-sent events",
      run(random) {
        const seed = random.pick(streamed);
        const bytes = mutateBytes(random, frame("sse", seed.exchange.stream?.answer ?? []));
        const read = (pieces: Buffer[]) => {
          const parser = sseParser();
          const events = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.finish()];
          return JSON.stringify(events);
        };
        if (read([bytes]) !== read(cutAnyhow(random, bytes))) throw new Error("cuts matter");
      },
    },
    {
      name: "streams whose counts are hidden",
      run(random) {
        const seed = random.pick(streamed);
        const bytes = mutateBytes(random, frame("sse", seed.exchange.stream?.answer ?? []));
        const hide = (pieces: Buffer[]): Buffer => {
          const filter = hideUsageChunk();
          return Buffer.concat([
            ...pieces.flatMap((piece) => filter.push(piece)),
            ...filter.finish(),
          ]);
        };
        if (!hide([bytes]).equals(hide(cutAnyhow(random, bytes)))) throw new Error("cuts matter");
      },
    },
    {
      name: "compressed answers",
      async run(random) {
        const encoding = random.pick(Object.keys(COMPRESSED));
        const answer = JSON.stringify(random.pick(whole).exchange.whole?.answer);
        const packed = COMPRESSED[encoding]?.(Buffer.from(answer)) ?? Buffer.alloc(0);
        const inflater = createInflater(encoding, 1_000_000);
        try {
          for (const piece of cutAnyhow(random, mutateBytes(random, packed))) {
            await inflater.push(piece);
          }
          await inflater.finish();
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        } finally {
          inflater.close();
        }
      },
    },
    {
      name: "event stream messages",
      run(random) {
        const seed = random.pick(streamed);
        const bytes = mutateBytes(
          random,
          frame("event-stream", seed.exchange.stream?.answer ?? []),
        );
        const decoder = eventStreamDecoder();
        tolerate(() => {
          for (const piece of cutAnyhow(random, bytes)) decoder.push(piece);
          decoder.finish();
        });
      },
    },
    {
      name: "forms",
      run(random) {
        const file = Buffer.alloc(random.below(3000), random.pick(["--", "\r\n", "a", "--the-"]));
        const fields = { model: "m", file: file.toString(), stream: "true", x: "y" };
        const form = bodyOf({ modelIn: "form" }, fields);
        const raw = random.chance(0.1) ? form : mutateBytes(random, form);
        const type = random.chance(0.9)
          ? FORM_TYPE
          : mutateBytes(random, Buffer.from(FORM_TYPE)).toString("latin1");
        tolerate(() => {
          const edited = editForm(scanForm(raw, type), new Map([["model", "another"]]));
          scanForm(edited, type);
        });
      },
    },
    {
      name: "messages of ext_proc",
      run(random) {
        const message = random.pick(messages);
        const bytes = random.chance(0.1) ? message : mutateBytes(random, message);
        tolerate(() => void decodeProcessingRequest(bytes));
        const reader = new FrameReader(1_000_000);
        const framed = Buffer.concat([Buffer.alloc(5), bytes]);
        framed.writeUInt32BE(bytes.length, 1);
        tolerate(() => {
          for (const piece of cutAnyhow(random, mutateBytes(random, framed))) reader.push(piece);
          reader.finish();
        });
      },
    },
    {
      name: "connections to ext_proc",
      run(random) {
        const raw = Buffer.concat(CONNECTION.map((each) => mutated(random, each)));
        const connection = new Connection(
          { write: () => undefined, backlog: () => 0, end: () => undefined },
          (stream) => {
            stream.reader = {
              data: (chunk) => stream.write(chunk),
              end: () => endCall(stream, GrpcStatus.ok),
              closed: () => undefined,
            };
          },
        );
        connection.receive(PREFACE);
        for (const piece of cutAnyhow(random, raw)) connection.receive(piece);
        connection.drained();
        connection.closed();
      },
    },
    {
      name: "sessions",
      async run(random) {
        const { pair } = random.pick(seeds);
        const session = new Session(encodeProgram(pair.lane.program), environment);
        const sent = Array.from({ length: 1 + random.below(8) }, () =>
          random.below(messages.length),
        );
        // They stand in the order in which Envoy sends them, and mostly come so.
        if (random.chance(0.8)) sent.sort((one, other) => one - other);
        for (const at of sent) {
          const bytes = messages[at] as Buffer;
          let request: ReturnType<typeof decodeProcessingRequest>;
          try {
            request = decodeProcessingRequest(
              random.chance(0.7) ? bytes : mutateBytes(random, bytes),
            );
          } catch {
            continue;
          }
          for (const answer of await session.handle(request)) encodeProcessingResponse(answer);
        }
        session.close();
      },
    },
    {
      name: "access logs",
      run(random) {
        const bytes = mutateBytes(random, random.pick(messages));
        tolerate(() => void readLogBodies(new Reader(bytes)).map(readFinishedLine));
      },
    },
    {
      name: "programs and costs",
      run(random) {
        const { program } = random.pick(seeds).pair.lane;
        const costs = [{ key: "k", type: "CEL", cel: "input_tokens * uint(2)" }];
        const text = encodeProgram({ ...program, costs } as Program);
        decodeProgram(mutateBytes(random, Buffer.from(text)).toString("utf8"));
        checkCostExpression(
          mutateBytes(random, Buffer.from("model == 'a' ? input_tokens : uint(1)")).toString(),
        );
      },
    },
  ];
}

/** The same answer whole and in pieces; what was noted as wrong may be told to clients. */
function listen(
  random: Random,
  seed: Seed,
  body: Buffer,
  answer: Buffer,
  headers?: Record<string, string>,
): void {
  const bytes = random.chance(0.5) ? answer : mutateBytes(random, answer);
  const at = (pieces: Buffer[]) => {
    const { bytes: heard, pipe } = hear(attempt(seed.pair, body), pieces, 200, headers);
    const { error } = pipe.result();
    if (error !== undefined && !(error instanceof UserError)) throw error;
    return heard;
  };
  tolerate(() => {
    const heard = at([bytes]);
    if (heard.equals(at(cutAnyhow(random, bytes)))) return;
    const { endpoint, provider } = seed.pair;
    throw new Error(`cuts of the answer matter: ${endpoint.id} to ${provider.meta.schema}`);
  });
}

const environment = {
  programs: new ProgramCache(registries),
  observer: {
    programRefused: () => {},
    requestRefused: () => {},
    fieldsDropped: () => {},
    answerFailed(_: unknown, error: unknown) {
      if (!(error instanceof UserError)) throw error;
    },
    usageMissing: () => {},
    costFailed: () => {},
    crashed(error: unknown) {
      // What the session does not expect of Envoy is refused, and said; headers are read when asked for.
      if (error instanceof WireError) return;
      if (!/request body has to be sent|needs the request's body/.test(String(error))) throw error;
    },
  },
  maxBodyBytes: 1_000_000,
  now: () => 0,
  unixTime: () => 1_700_000_000,
  newId: () => "id",
};
