/** Envoy's access log, taken in over gRPC. */
import { chmod } from "node:fs/promises";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServiceDefinition,
  type sendUnaryData,
} from "@grpc/grpc-js";
import {
  type StreamAccessLogsResponse,
  StreamAccessLogsResponseSchema,
} from "../../../protos/gen/envoy/service/accesslog/v3/als_pb.ts";
import { endpointById } from "../../endpoints/registry.ts";
import { METADATA_NAMESPACE } from "../../program/names.ts";
import type { Recorder } from "../../telemetry/finished-request.ts";
import { Reader } from "../wire/reader.ts";
import { type LogEntry, readLogEntries } from "./decode.ts";
import { readLogEntry } from "./record.ts";

export interface AccountingOptions {
  /** A Unix socket in an existing folder, for this user alone; or a TCP port, 0 for any free one. */
  listen: { path: string } | { host: string; port: number };
  recorder: Recorder;
}

export interface AccountingServer {
  /** As grpc clients name it: `unix:/run/a.sock`, `127.0.0.1:4000`. */
  readonly target: string;
  /** Stops listening; what Envoy sent already is taken in. */
  close(): Promise<void>;
}

const SERVICE = {
  streamAccessLogs: {
    path: "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs",
    requestStream: true,
    responseStream: false,
    requestSerialize: (): Buffer => {
      throw new Error("the accounting server writes no access log");
    },
    requestDeserialize: (bytes: Buffer) => readLogEntries(new Reader(bytes), METADATA_NAMESPACE),
    responseSerialize: (message: StreamAccessLogsResponse) =>
      Buffer.from(toBinary(StreamAccessLogsResponseSchema, message)),
    responseDeserialize: (bytes: Buffer) => fromBinary(StreamAccessLogsResponseSchema, bytes),
  },
} satisfies ServiceDefinition;

/** Time for Envoy to end its streams once it is told that no more are wanted. */
const CLOSE_MS = 1000;

/** Starts listening. Rejects when the socket or port cannot be had. */
export async function startAccounting(options: AccountingOptions): Promise<AccountingServer> {
  const { listen, recorder } = options;
  const server = new Server();
  server.addService(SERVICE, {
    streamAccessLogs(
      call: ServerReadableStream<LogEntry[], StreamAccessLogsResponse>,
      done: sendUnaryData<StreamAccessLogsResponse>,
    ) {
      call.on("data", (entries: LogEntry[]) => take(entries, recorder));
      call.on("end", () => done(null, create(StreamAccessLogsResponseSchema)));
      call.on("error", () => undefined);
    },
  });
  const address = "path" in listen ? `unix:${listen.path}` : `${listen.host}:${listen.port}`;
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  if ("path" in listen) await chmod(listen.path, 0o600);
  return {
    target: "path" in listen ? address : `${listen.host}:${port}`,
    close: () => close(server),
  };
}

function take(entries: LogEntry[], recorder: Recorder): void {
  for (const entry of entries) {
    const reading = readLogEntry(entry, endpointById);
    if (reading.kind === "request") recorder.finished(reading.request);
    else recorder.skipped(reading.reason);
  }
}

/** Envoy keeps its streams open for good, so they are ended for it after a while. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), CLOSE_MS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
