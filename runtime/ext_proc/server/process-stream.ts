import { PROGRAM_HEADER } from "../../program/program.ts";
import type { Stream, StreamReader } from "../http2/stream.ts";
import type { SessionEnvironment } from "../session/environment.ts";
import { Session } from "../session/session.ts";
import { FrameReader, MessageTooLarge } from "../wire/framing.ts";
import { WireError } from "../wire/reader.ts";
import { decodeProcessingRequest } from "../wire/request.ts";
import { encodeProcessingResponse, type ProcessingResponse } from "../wire/response.ts";
import { endCall, GrpcStatus, openCall } from "./grpc.ts";

/** Headers and framing that a message may hold beside a body of the largest size. */
const MESSAGE_OVERHEAD_BYTES = 256 * 1024;

/** Unsent bytes of one stream above which nothing more is read from it. */
const MAX_UNSENT_BYTES = 256 * 1024;

/** Connects one gRPC stream with one session. */
export class ProcessStream implements StreamReader {
  readonly #stream: Stream;
  readonly #env: SessionEnvironment;
  readonly #session: Session;
  readonly #frames: FrameReader;
  #queue: Buffer[] = [];
  /** A message is being decompressed; those behind it wait. */
  #busy = false;
  #ended = false;
  #failed = false;
  readonly #onClosed: () => void;

  /** `onClosed` is called once. */
  constructor(stream: Stream, env: SessionEnvironment, onClosed: () => void) {
    this.#stream = stream;
    this.#env = env;
    this.#onClosed = onClosed;
    this.#session = new Session(stream.header(PROGRAM_HEADER), env);
    this.#frames = new FrameReader(env.maxBodyBytes + MESSAGE_OVERHEAD_BYTES);
    openCall(stream);
  }

  data(chunk: Buffer): void {
    // After a failure, what still comes is thrown away.
    if (this.#failed) return;
    this.#guarded(() => {
      for (const message of this.#frames.push(chunk)) this.#queue.push(message);
      this.#run();
    });
  }

  end(): void {
    if (this.#failed) return;
    this.#guarded(() => {
      this.#frames.finish();
      this.#ended = true;
      this.#run();
    });
  }

  sent(): void {
    this.#guarded(() => this.#run());
  }

  closed(): void {
    this.#queue = [];
    this.#session.close();
    this.#onClosed();
  }

  /** Answers what is waiting, while there is room for answers. */
  #run(): void {
    while (this.#queue.length > 0 && !this.#isBlocked) {
      const message = this.#queue.shift() as Buffer;
      const answers = this.#session.handle(decodeProcessingRequest(message));
      if (answers instanceof Promise) this.#waitFor(answers);
      else this.#send(answers);
    }
    if (this.#isBlocked) this.#stream.pause();
    else this.#stream.resume();
    if (this.#ended && !this.#busy && this.#queue.length === 0) {
      endCall(this.#stream, GrpcStatus.ok);
    }
  }

  get #isBlocked(): boolean {
    return this.#busy || this.#stream.unsent > MAX_UNSENT_BYTES;
  }

  #waitFor(answers: Promise<readonly ProcessingResponse[]>): void {
    this.#busy = true;
    void answers.then((late) => {
      this.#busy = false;
      this.#guarded(() => {
        this.#send(late);
        this.#run();
      });
    });
  }

  #send(answers: readonly ProcessingResponse[]): void {
    for (const answer of answers) this.#stream.write(encodeProcessingResponse(answer));
  }

  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#queue = [];
    if (error instanceof MessageTooLarge) {
      this.#send(this.#session.refuseTooLarge());
      endCall(this.#stream, GrpcStatus.ok);
    } else if (error instanceof WireError) {
      const what = `this is not a message of ext_proc: ${error.message}`;
      endCall(this.#stream, GrpcStatus.invalidArgument, what);
    } else {
      endCall(this.#stream, GrpcStatus.internal, "the external processor failed");
      this.#env.observer.crashed(error);
    }
    this.#session.close();
  }
}
