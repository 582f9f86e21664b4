import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { PROGRAM_HEADER } from "../../program/program.ts";
import type { SessionEnvironment } from "../session/environment.ts";
import { Session } from "../session/session.ts";
import { FrameReader, MessageTooLarge } from "../wire/framing.ts";
import { WireError } from "../wire/reader.ts";
import { decodeProcessingRequest } from "../wire/request.ts";
import { encodeProcessingResponse, type ProcessingResponse } from "../wire/response.ts";
import { GrpcStatus, openCall } from "./grpc.ts";

/** Headers and framing that a message may hold beside a body of the largest size. */
const MESSAGE_OVERHEAD_BYTES = 256 * 1024;

/** Unsent bytes of one stream above which nothing more is read from it. */
const MAX_UNSENT_BYTES = 256 * 1024;

/** How a stream ends that Envoy has reset, as it does with most: else Node makes an error with a stack for each. */
const RESET = new Error("the caller has reset the stream");

/** Connects one gRPC stream with one session. */
export function serveProcessStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  env: SessionEnvironment,
): void {
  const program = headers[PROGRAM_HEADER];
  const session = new Session(Array.isArray(program) ? program[0] : program, env);
  const frames = new FrameReader(env.maxBodyBytes + MESSAGE_OVERHEAD_BYTES);
  const call = openCall(stream);
  let queue: Buffer[] = [];
  /** Messages wait for one that is being decompressed, or for the peer to read. */
  let blocked = false;
  let ended = false;

  const send = (answers: readonly ProcessingResponse[]): void => {
    if (answers.length === 0 || stream.destroyed || stream.writableEnded) return;
    const [only] = answers;
    stream.write(
      answers.length === 1 && only
        ? encodeProcessingResponse(only)
        : Buffer.concat(answers.map(encodeProcessingResponse)),
    );
  };

  const block = (): void => {
    blocked = true;
    stream.pause();
  };
  const unblock = (): void => {
    blocked = false;
    stream.resume();
    run();
  };

  /** Answers what is waiting; all that can be said at once goes out in one write. */
  const run = (): void => {
    const answers: ProcessingResponse[] = [];
    while (!blocked) {
      const message = queue.shift();
      if (message === undefined) break;
      const answered = session.handle(decodeProcessingRequest(message));
      if (!(answered instanceof Promise)) {
        answers.push(...answered);
        continue;
      }
      block();
      void answered.then((late) => {
        send(late);
        guarded(unblock);
      });
    }
    send(answers);
    if (stream.writableLength > MAX_UNSENT_BYTES && !blocked) {
      block();
      stream.once("drain", () => guarded(unblock));
    }
    if (ended && !blocked && queue.length === 0) call.end(GrpcStatus.ok);
  };

  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      fail(error);
    }
  };

  const fail = (error: unknown): void => {
    queue = [];
    if (error instanceof MessageTooLarge) {
      send(session.refuseTooLarge());
      call.end(GrpcStatus.ok);
    } else if (error instanceof WireError) {
      call.end(GrpcStatus.invalidArgument, `this is not a message of ext_proc: ${error.message}`);
    } else {
      env.observer.crashed(error);
      call.end(GrpcStatus.internal, "the external processor failed");
    }
    session.close();
    // What still comes is read and thrown away, or it would hold the connection's window.
    stream.removeAllListeners("data");
    stream.resume();
  };

  stream.on("data", (chunk: Buffer) => {
    guarded(() => {
      const messages = frames.push(chunk);
      queue = queue.length === 0 ? messages : queue.concat(messages);
      run();
    });
  });
  stream.on("end", () => {
    guarded(() => {
      frames.finish();
      ended = true;
      run();
    });
  });
  stream.on("aborted", () => stream.destroy(RESET));
  stream.on("error", () => undefined);
  stream.on("close", () => {
    queue = [];
    session.close();
  });
}
