import type { Stream } from "../http2/stream.ts";
import { FrameReader } from "../wire/framing.ts";
import { bytesField, numberField, Reader } from "../wire/reader.ts";
import { BackwardWriter } from "../wire/writer.ts";
import { endCall, GrpcStatus, openCall } from "./grpc.ts";

export const HEALTH_CHECK = "/grpc.health.v1.Health/Check";
export const HEALTH_WATCH = "/grpc.health.v1.Health/Watch";

/** The numbers of `HealthCheckResponse.ServingStatus`. */
const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

const REQUEST_SERVICE = bytesField(1);
const RESPONSE_STATUS = numberField(1);
const MAX_REQUEST_BYTES = 4096;
const NO_CHECK = "not a health check";

/** The health of this process, as gRPC's own protocol tells it. */
export interface Health {
  isServing(): boolean;
  /** Tells those who watch, too. */
  set(serving: boolean): void;
  check(stream: Stream): void;
  watch(stream: Stream): void;
}

/** `services`: names that may be asked for beside the empty one, which means the whole server. */
export function createHealth(services: readonly string[]): Health {
  let serving = true;
  const watchers = new Map<Stream, () => void>();
  const known = (service: string): boolean => service === "" || services.includes(service);
  const status = (): number => (serving ? SERVING : NOT_SERVING);

  return {
    isServing: () => serving,
    set(next) {
      if (serving === next) return;
      serving = next;
      for (const tell of watchers.values()) tell();
    },
    check(stream) {
      openCall(stream);
      readService(stream, (service) => {
        if (service === undefined) endCall(stream, GrpcStatus.invalidArgument, NO_CHECK);
        else if (!known(service)) endCall(stream, GrpcStatus.notFound, "no such service");
        else {
          stream.write(encodeStatus(status()));
          endCall(stream, GrpcStatus.ok);
        }
      });
    },
    watch(stream) {
      openCall(stream);
      const tell = (service: string): void =>
        stream.write(encodeStatus(known(service) ? status() : SERVICE_UNKNOWN));
      readService(
        stream,
        (service) => {
          if (service === undefined) {
            endCall(stream, GrpcStatus.invalidArgument, NO_CHECK);
            return;
          }
          watchers.set(stream, () => tell(service));
          tell(service);
        },
        () => watchers.delete(stream),
      );
    },
  };
}

/** The service of the call's one message; undefined where it is none. Called once. */
function readService(
  stream: Stream,
  done: (service: string | undefined) => void,
  closed: () => void = () => undefined,
): void {
  const frames = new FrameReader(MAX_REQUEST_BYTES);
  let answered = false;
  const answer = (service: string | undefined): void => {
    if (answered) return;
    answered = true;
    done(service);
  };
  stream.reader = {
    data(chunk) {
      try {
        const [message] = frames.push(chunk);
        if (message !== undefined) answer(decodeService(message));
      } catch {
        answer(undefined);
      }
    },
    end: () => answer(undefined),
    closed,
  };
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
