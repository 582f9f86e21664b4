import type { RecordedRequest } from "./standin.ts";

/** One way to fail. Event counts are those of a streamed answer; a whole answer is one event. */
export type Failure =
  /** An error answer in place of the real one; the vendor's usual error body when none is given. */
  | { kind: "status"; status: number; body?: string; headers?: Record<string, string> }
  /** TCP reset after so many bytes of the body; with none given, before any answer. */
  | { kind: "reset"; afterBytes?: number }
  /** The answer ends cleanly in the midst of the event after these. */
  | { kind: "truncate"; afterEvents: number }
  /** One event is damaged: a bad checksum, or what the protocol has for one. */
  | { kind: "corrupt"; event: number }
  /** After these events the stream reports an error of the vendor's, and ends. */
  | { kind: "stream-error"; afterEvents: number; type?: string; message?: string }
  /** Silence before the first byte of the answer. */
  | { kind: "delay"; ms: number }
  /** Silence before each event. */
  | { kind: "slow"; ms: number }
  | { kind: "compress"; encoding: "gzip" | "br" | "deflate" };

export type FailureSpec = Failure & {
  /** How many matching requests fail; 1 by default. */
  times?: number;
  /** Only requests whose path or body has this text: `converse-stream`, or a word in the prompt. */
  match?: string;
};

/** Failures in waiting. Specs are tried in the order in which they came; one is taken at a time. */
export class FailureQueue {
  readonly #waiting: { spec: FailureSpec; left: number }[] = [];

  constructor(specs: readonly FailureSpec[]) {
    for (const spec of specs) this.add(spec);
  }

  add(spec: FailureSpec): void {
    this.#waiting.push({ spec, left: spec.times ?? 1 });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** The failure for this request, used up once. */
  take(request: RecordedRequest): Failure | undefined {
    if (this.#waiting.length === 0) return undefined;
    const index = this.#waiting.findIndex(({ spec }) => matches(request, spec.match));
    const found = this.#waiting[index];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#waiting.splice(index, 1);
    return found.spec;
  }
}

const matches = (request: RecordedRequest, text: string | undefined): boolean =>
  text === undefined || request.path.includes(text) || request.body.includes(text);
