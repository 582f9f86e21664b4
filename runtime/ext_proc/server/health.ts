import type { ServerHttp2Stream } from "node:http2";
import { FrameReader } from "../wire/framing.ts";
import { bytesField, numberField, Reader } from "../wire/reader.ts";
import { BackwardWriter } from "../wire/writer.ts";
import { GrpcStatus, openCall } from "./grpc.ts";

export const HEALTH_CHECK = "/grpc.health.v1.Health/Check";
export const HEALTH_WATCH = "/grpc.health.v1.Health/Watch";

/** The numbers of `HealthCheckResponse.ServingStatus`. */
const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

const REQUEST_SERVICE = bytesField(1);
const RESPONSE_STATUS = numberField(1);
const MAX_REQUEST_BYTES = 4096;

/** The health of this process, as gRPC's own protocol tells it. */
export interface Health {
  isServing(): boolean;
  /** Tells those who watch, too. */
  set(serving: boolean): void;
  check(stream: ServerHttp2Stream): void;
  watch(stream: ServerHttp2Stream): void;
}

/** `services`: names that may be asked for beside the empty one, which means the whole server. */
export function createHealth(services: readonly string[]): Health {
  let serving = true;
  const watchers = new Set<() => void>();
  const known = (service: string): boolean => service === "" || services.includes(service);
  const status = (): number => (serving ? SERVING : NOT_SERVING);

  return {
    isServing: () => serving,
    set(next) {
      if (serving === next) return;
      serving = next;
      for (const tell of watchers) tell();
    },
    check(stream) {
      const call = openCall(stream);
      readService(stream, (service) => {
        if (service === undefined) call.end(GrpcStatus.invalidArgument, "not a health check");
        else if (!known(service)) call.end(GrpcStatus.notFound, "no such service");
        else {
          stream.write(encodeStatus(status()));
          call.end(GrpcStatus.ok);
        }
      });
    },
    watch(stream) {
      const call = openCall(stream);
      readService(stream, (service) => {
        if (service === undefined) {
          call.end(GrpcStatus.invalidArgument, "not a health check");
          return;
        }
        const tell = (): void => {
          stream.write(encodeStatus(known(service) ? status() : SERVICE_UNKNOWN));
        };
        watchers.add(tell);
        stream.on("close", () => watchers.delete(tell));
        tell();
      });
    },
  };
}

/** The service of the call's one message; undefined where it is none. Called once. */
function readService(stream: ServerHttp2Stream, done: (service: string | undefined) => void): void {
  const frames = new FrameReader(MAX_REQUEST_BYTES);
  let answered = false;
  const answer = (service: string | undefined): void => {
    if (answered) return;
    answered = true;
    done(service);
  };
  stream.on("data", (chunk: Buffer) => {
    try {
      const [message] = frames.push(chunk);
      if (message !== undefined) answer(decodeService(message));
    } catch {
      answer(undefined);
    }
  });
  stream.on("end", () => answer(undefined));
  stream.on("error", () => undefined);
}

function decodeService(message: Buffer): string {
  const reader = new Reader(message);
  let service = "";
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === REQUEST_SERVICE) service = reader.utf8();
    else reader.skip(tag);
  }
  return service;
}

function encodeStatus(status: number): Buffer {
  const writer = new BackwardWriter(16);
  writer.varint(status);
  writer.varint(RESPONSE_STATUS);
  writer.uint32BE(writer.length);
  writer.byte(0);
  return writer.finish();
}
