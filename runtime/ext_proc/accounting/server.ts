/** Envoy's access log, taken in over gRPC. */
import { chmod } from "node:fs/promises";
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { endpointById } from "../../endpoints/registry.ts";
import { readFinishedLine } from "../../program/finished-line.ts";
import type { Recorder } from "../../telemetry/finished-request.ts";
import { Reader } from "../wire/reader.ts";
import { readLogBodies } from "./decode.ts";
import { recordOf } from "./record.ts";

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

/** Messages are read as they come, without a library: this is the busiest of the servers off the requests' path. */
const SERVICE = {
  export: {
    path: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: (): Buffer => {
      throw new Error("the accounting server sends no logs");
    },
    requestDeserialize: (bytes: Buffer) => readLogBodies(new Reader(bytes)),
    responseSerialize: (response: Buffer) => response,
    responseDeserialize: (response: Buffer) => response,
  },
} satisfies ServiceDefinition;

/** An `ExportLogsServiceResponse`: all was taken. */
const TAKEN = Buffer.alloc(0);

/** Time for requests under way. */
const CLOSE_MS = 1000;

/** Starts listening. Rejects when the socket or port cannot be had. */
export async function startAccounting(options: AccountingOptions): Promise<AccountingServer> {
  const { listen, recorder } = options;
  const server = new Server();
  server.addService(SERVICE, {
    export(call: ServerUnaryCall<string[], Buffer>, done: sendUnaryData<Buffer>) {
      for (const body of call.request) take(body, recorder);
      done(null, TAKEN);
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

function take(body: string, recorder: Recorder): void {
  const reading = recordOf(readFinishedLine(body), endpointById);
  if (reading.kind === "request") recorder.finished(reading.request);
  else recorder.skipped(reading.reason);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), CLOSE_MS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
