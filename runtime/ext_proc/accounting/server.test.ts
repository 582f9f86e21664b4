import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { Client, type ClientWritableStream, credentials } from "@grpc/grpc-js";
import type { HTTPAccessLogEntry } from "../../../protos/gen/envoy/data/accesslog/v3/accesslog_pb.ts";
import { StreamAccessLogsMessageSchema } from "../../../protos/gen/envoy/service/accesslog/v3/als_pb.ts";
import { createTelemetry } from "../../telemetry/telemetry.ts";
import { type AccountingServer, startAccounting } from "./server.ts";
import { logEntry } from "./testdata/entry.ts";

const METHOD = "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

let folder: string;
let server: AccountingServer | undefined;
let client: Client | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "accounting-"));
});

afterEach(async () => {
  client?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A stream as Envoy opens it; `ended` settles with the server's answer. */
function openStream(target: string): { call: ClientWritableStream<Buffer>; ended: Promise<void> } {
  client = new Client(target, credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const call = client.makeClientStreamRequest<Buffer, Buffer>(METHOD, same, same, (error) =>
    error ? reject(error) : resolve(),
  );
  return { call, ended: promise };
}

const batch = (...logEntry: HTTPAccessLogEntry[]): Buffer =>
  Buffer.from(
    toBinary(
      StreamAccessLogsMessageSchema,
      create(StreamAccessLogsMessageSchema, {
        logEntries: { case: "httpLogs", value: { logEntry } },
      }),
    ),
  );

test("batches over a Unix socket become metrics", async () => {
  const telemetry = createTelemetry();
  const path = join(folder, "a.sock");
  server = await startAccounting({ listen: { path }, recorder: telemetry.recorder });
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  const usage = { "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 5 };
  const { call, ended } = openStream(server.target);
  call.write(batch(logEntry({ metadata: usage }), logEntry({ metadata: usage })));
  call.write(batch(logEntry({ requestHeaders: { "x-ai-eg-endpoint": "" } }), logEntry()));
  call.end();
  await ended;

  const text = await telemetry.metrics();
  const sample = (name: string, labels: string): string | undefined =>
    text
      .split("\n")
      .find((line) => line.startsWith(`${name}{`) && line.includes(labels))
      ?.split(" ")
      .at(-1);
  expect(sample("gen_ai_client_token_usage_sum", 'gen_ai_token_type="input"')).toBe("24");
  expect(sample("gen_ai_client_token_usage_count", 'gen_ai_token_type="output"')).toBe("2");
  expect(sample("gen_ai_server_request_duration_seconds_count", "")).toBe("3");
  expect(sample("aigw_accounting_usage_missing_total", "")).toBe("1");
  expect(sample("aigw_accounting_records_total", 'kind="request"')).toBe("3");
  expect(sample("aigw_accounting_records_total", 'kind="not-ai"')).toBe("1");
});

test("serves on TCP, and ends although a stream stays open", async () => {
  const taken = Promise.withResolvers<void>();
  const running = await startAccounting({
    listen: { host: "127.0.0.1", port: 0 },
    recorder: { finished: () => taken.resolve(), skipped: () => undefined },
  });
  expect(running.target).toMatch(/^127\.0\.0\.1:\d+$/);
  const { call, ended } = openStream(running.target);
  call.write(batch(logEntry()));
  await taken.promise;
  const refused = expect(ended).rejects.toMatchObject({ code: expect.any(Number) });
  await running.close();
  await refused;
});

test("a socket that cannot be had is an error", async () => {
  const { recorder } = createTelemetry();
  const listen = { path: join(folder, "missing", "a.sock") };
  // The gRPC library has a say of its own.
  const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await expect(startAccounting({ listen, recorder })).rejects.toThrow();
  said.mockRestore();
});
