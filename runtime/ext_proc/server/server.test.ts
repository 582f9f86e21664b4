import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type ClientHttp2Session, constants } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  HealthCheckRequestSchema,
  HealthCheckResponseSchema,
} from "../../../protos/gen/grpc/health/v1/health_pb.ts";
import { program } from "../session/testdata/drive.ts";
import { fakeEnvironment, fakeRegistries } from "../session/testdata/fakes.ts";
import { FrameReader } from "../wire/framing.ts";
import { type ExtProcOptions, type ExtProcServer, startExtProc } from "./server.ts";
import {
  dial,
  exchange,
  frame,
  open,
  requestBody,
  requestHeaders,
  responseBody,
  responseHeaders,
} from "./testdata/client.ts";

const MIB = 1024 * 1024;
const same = program({ schema: "Same" });
const other = program({ schema: "Other" });

let folder: string;
let server: ExtProcServer;
let session: ClientHttp2Session;
let told: string[];

const start = (more: Partial<ExtProcOptions> = {}): Promise<ExtProcServer> => {
  const env = fakeEnvironment();
  told = env.told;
  return startExtProc({
    listen: { host: "127.0.0.1", port: 0 },
    registries: fakeRegistries,
    observer: env.observer,
    maxBodyBytes: MIB,
    drainMs: 2000,
    graceMs: 50,
    ...more,
  });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ext-proc-test-"));
  server = await start();
  session = await dial(server.address);
});
afterEach(async () => {
  session.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

const until = async (holds: () => boolean): Promise<void> => {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 5000) throw new Error("it did not come to that");
    await sleep(5);
  }
};

describe("streams", () => {
  test("carry an exchange from headers to the end of the answer", async () => {
    expect(await exchange(session, same)).toBe('{"total":1}');
    await until(() => server.streams() === 0);
  });

  test("2,000 at once on one connection, all answered", async () => {
    const answers = await Promise.all(Array.from({ length: 2000 }, () => exchange(session, same)));
    expect(new Set(answers)).toEqual(new Set(['{"total":1}']));
    await until(() => server.streams() === 0);
  });

  test("thousands of resets do not cost the connection", async () => {
    const long = open(session, same);
    long.send(requestHeaders);
    expect((await long.next())?.response.case).toBe("requestHeaders");
    for (let round = 0; round < 6; round += 1) {
      const streams = Array.from({ length: 500 }, () => open(session, same));
      for (const { send } of streams) send(requestHeaders);
      await Promise.all(streams.map(({ next }) => next()));
      for (const { stream } of streams) stream.close(constants.NGHTTP2_CANCEL);
      await Promise.all(streams.map(({ status }) => status));
    }
    long.send(requestBody("{}"));
    expect((await long.next())?.response.case).toBe("requestBody");
    expect(session.closed || session.destroyed).toBe(false);
    long.stream.close();
    await until(() => server.streams() === 0);
  });

  test("end with status 0 when Envoy half-closes", async () => {
    const { send, next, stream, status } = open(session, same);
    send(requestHeaders);
    await next();
    stream.end();
    expect(await status).toBe("0");
  });

  test("take messages that come in one piece, and answer them in order", async () => {
    const { send, next, stream } = open(session, same);
    stream.cork();
    send(requestHeaders);
    send(requestBody("{}"));
    send(responseHeaders);
    for (let part = 0; part < 5; part += 1) send(responseBody(`${part}`, part === 4));
    stream.uncork();
    const kinds: unknown[] = [];
    for (let count = 0; count < 8; count += 1) kinds.push((await next())?.response.case);
    expect(kinds).toEqual([
      "requestHeaders",
      "requestBody",
      "responseHeaders",
      ...Array(5).fill("responseBody"),
    ]);
    stream.close();
  });
});

describe("what goes wrong", () => {
  test("bytes that are no message end the stream alone", async () => {
    const { stream, status } = open(session, same);
    stream.write(frame(Buffer.from("\x7f\xff garbage")));
    expect(await status).toBe("3");
    const cut = open(session, same);
    cut.stream.end(frame(Buffer.from("abc")).subarray(0, 6));
    expect(await cut.status).toBe("3");
    expect(await exchange(session, same)).toBe('{"total":1}');
  });

  test("a request body above the limit is a 413 in the client's shape, at once", async () => {
    const { send, next, stream } = open(session, other);
    send(requestHeaders);
    await next();
    send(requestBody(Buffer.alloc(2 * MIB)));
    const { response } = (await next()) ?? {};
    if (response?.case !== "immediateResponse") throw new Error("not refused");
    expect(response.value.status?.code).toBe(413);
    expect(JSON.parse(Buffer.from(response.value.body).toString())).toHaveProperty("error");
    stream.close();
    expect(await exchange(session, same)).toBe('{"total":1}');
  });

  test("a bug in a translation is a 500, and the process goes on", async () => {
    const { send, next, stream } = open(session, other);
    send(requestHeaders);
    await next();
    send(requestBody('{"model":"broken"}'));
    const { response } = (await next()) ?? {};
    expect(response?.case).toBe("immediateResponse");
    stream.close();
    expect(told).toContain("crashed a bug with a secret in its message");
  });

  test("a bug outside of it ends the stream with an error", async () => {
    const broken = await start({
      registries: {
        ...fakeRegistries,
        get providerBySchema(): never {
          throw new Error("no registry");
        },
      },
      observer: {
        ...fakeEnvironment().observer,
        crashed: (error) => {
          told.push(`crashed ${(error as Error).message}`);
          if (told.length === 1) throw new Error("the observer as well");
        },
      },
    });
    const client = await dial(broken.address);
    told = [];
    const { send, status } = open(client, same);
    send(requestHeaders);
    send(requestBody("{}"));
    expect(await status).toBe("13");
    client.destroy();
    await broken.close();
  });

  test("an unknown method is unimplemented", async () => {
    expect(await open(session, undefined, "/no.such/Method").status).toBe("12");
  });

  test("a peer that goes away leaves nothing behind", async () => {
    const streams = Array.from({ length: 50 }, () => open(session, same));
    for (const { send } of streams) send(requestHeaders);
    await until(() => server.streams() === 50);
    session.destroy();
    await until(() => server.streams() === 0);
  });
});

test("a peer that does not read is not read from", async () => {
  const { send, stream } = open(session, same);
  stream.pause();
  send(requestHeaders);
  send(requestBody("{}"));
  send(responseHeaders);
  const piece = Buffer.alloc(256 * 1024);
  let taken = 0;
  let refused = false;
  stream.on("drain", () => {
    refused = false;
  });
  for (let round = 0; round < 400 && taken < 64 * MIB; round += 1) {
    if (!refused) {
      taken += piece.length;
      refused = !stream.write(frame(bodyMessage(piece)));
    } else {
      await sleep(2);
    }
  }
  // Windows and buffers of both sides, but not what the peer would send without end.
  expect(taken).toBeLessThan(16 * MIB);
  stream.resume();
  await until(() => !refused);
  stream.close();
});

const bodyMessage = (body: Buffer): Buffer => {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
  const inner = Buffer.concat([Buffer.from([0x0a, ...varint(body.length)]), body]);
  return Buffer.concat([Buffer.from([0x2a, ...varint(inner.length)]), inner]);
};

describe("health", () => {
  const check = async (client: ClientHttp2Session, service: string) => {
    const { stream, status } = open(client, undefined, "/grpc.health.v1.Health/Check");
    stream.removeAllListeners("data");
    const frames = new FrameReader(1000);
    let serving: number | undefined;
    stream.on("data", (chunk: Buffer) => {
      for (const message of frames.push(chunk)) {
        serving = fromBinary(HealthCheckResponseSchema, message).status;
      }
    });
    stream.end(
      frame(toBinary(HealthCheckRequestSchema, create(HealthCheckRequestSchema, { service }))),
    );
    return [await status, serving];
  };

  test("is told of the server and of the service", async () => {
    expect(await check(session, "")).toEqual(["0", 1]);
    expect(await check(session, "envoy.service.ext_proc.v3.ExternalProcessor")).toEqual(["0", 1]);
    expect(await check(session, "strange")).toEqual(["5", undefined]);
  });

  test("those who watch hear of the end", async () => {
    const { stream } = open(session, undefined, "/grpc.health.v1.Health/Watch");
    stream.removeAllListeners("data");
    const frames = new FrameReader(1000);
    const heard: number[] = [];
    stream.on("data", (chunk: Buffer) => {
      for (const message of frames.push(chunk)) {
        heard.push(fromBinary(HealthCheckResponseSchema, message).status);
      }
    });
    stream.end(frame(Buffer.alloc(0)));
    await until(() => heard.length === 1);
    const closing = server.close();
    await until(() => heard.length === 2);
    expect(heard).toEqual([1, 2]);
    await closing;
  });
});

describe("draining", () => {
  test("says GOAWAY without refusing anything, serves for a while, and lets streams end", async () => {
    const patient = await start({ graceMs: 150 });
    const client = await dial(patient.address);
    const running = open(client, same);
    running.send(requestHeaders);
    await running.next();
    const goaways: number[] = [];
    client.on("goaway", (_code, lastStreamId: number) => goaways.push(lastStreamId));
    const closing = patient.close();
    expect(patient.isServing()).toBe(false);
    await until(() => goaways.length > 0);
    expect(goaways[0]).toBe(2 ** 31 - 1);
    const late = await dial(patient.address);
    expect(await exchange(late, same)).toBe('{"total":1}');
    await sleep(250);
    await expect(dial(patient.address)).rejects.toThrow();
    running.send(requestBody("{}"));
    expect((await running.next())?.response.case).toBe("requestBody");
    expect(patient.streams()).toBe(1);
    running.stream.close();
    await closing;
  });

  test("does not wait for longer than it was told to", async () => {
    const impatient = await start({ drainMs: 100 });
    const client = await dial(impatient.address);
    const { send, next } = open(client, same);
    send(requestHeaders);
    await next();
    const before = performance.now();
    await impatient.close();
    expect(performance.now() - before).toBeLessThan(1000);
    client.destroy();
  });

  test("an idle server ends at once, and a second close waits for the first", async () => {
    const idle = await start({ graceMs: 10, drainMs: 60_000 });
    const client = await dial(idle.address);
    await Promise.all([idle.close(), idle.close()]);
    client.destroy();
  });
});

test("a Unix socket serves as well", async () => {
  const path = join(folder, "ext_proc.sock");
  const local = await start({ listen: { path } });
  expect(local.address).toEqual({ path });
  const client = await dial(local.address);
  expect(await exchange(client, same)).toBe('{"total":1}');
  client.close();
  await once(client, "close");
  await local.close();
});

test("an address that is taken is an error", async () => {
  await expect(start({ listen: server.address })).rejects.toThrow(/EADDRINUSE/);
});
