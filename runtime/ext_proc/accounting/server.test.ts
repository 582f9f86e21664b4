import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { ExportLogsServiceRequestSchema } from "../../../protos/gen/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts";
import { createTelemetry } from "../../telemetry/telemetry.ts";
import { type AccountingServer, startAccounting } from "./server.ts";
import { finishedLine } from "./testdata/line.ts";

const METHOD = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

let folder: string;
let server: AccountingServer | undefined;
let client: Client | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "accounting-"));
});

afterEach(async () => {
  client?.close();
  client = undefined;
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Sends a batch as Envoy does; settles with the server's answer. */
function send(target: string, ...lines: string[]): Promise<void> {
  client ??= new Client(target, credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.makeUnaryRequest(METHOD, same, same, batch(lines), (error) =>
    error ? reject(error) : resolve(),
  );
  return promise;
}

const batch = (lines: string[]): Buffer =>
  Buffer.from(
    toBinary(
      ExportLogsServiceRequestSchema,
      create(ExportLogsServiceRequestSchema, {
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: lines.map((text) => ({
                  body: { value: { case: "stringValue" as const, value: text } },
                })),
              },
            ],
          },
        ],
      }),
    ),
  );

test("batches over a Unix socket become metrics", async () => {
  const telemetry = createTelemetry();
  const path = join(folder, "a.sock");
  server = await startAccounting({ listen: { path }, recorder: telemetry.recorder });
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  const usage = { inputTokens: 12, outputTokens: 5 };
  await send(server.target, finishedLine({ usage }), finishedLine({ usage }));
  await send(server.target, finishedLine({ endpoint: "-" }), finishedLine());

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

test("serves on TCP", async () => {
  const taken: string[] = [];
  server = await startAccounting({
    listen: { host: "127.0.0.1", port: 0 },
    recorder: { finished: ({ provider }) => taken.push(provider), skipped: () => undefined },
  });
  expect(server.target).toMatch(/^127\.0\.0\.1:\d+$/);
  await send(server.target, finishedLine());
  expect(taken).toEqual(["openai"]);
});

test("a socket that cannot be had is an error", async () => {
  const { recorder } = createTelemetry();
  const listen = { path: join(folder, "missing", "a.sock") };
  // The gRPC library has a say of its own.
  const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await expect(startAccounting({ listen, recorder })).rejects.toThrow();
  said.mockRestore();
});
