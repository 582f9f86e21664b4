/**
 * A synchronous push transformer: bytes or events in, zero or more out.
 *
 * The output of a transducer never depends on how its input was cut into chunks; the contract suite
 * checks that for every one of them.
 */
export interface Transducer<In, Out> {
  /** Takes the next piece of input and returns what it completes. */
  push(chunk: In): Out[];
  /** Says that the input has ended and returns what was still held back. */
  finish(): Out[];
}

/** Collects every byte and hands the whole over at the end; for bodies that have to be read whole. */
export function collect<Out>(onEnd: (whole: Buffer) => Out[]): Transducer<Buffer, Out> {
  const chunks: Buffer[] = [];
  return {
    push(chunk) {
      chunks.push(chunk);
      return [];
    },
    finish: () => onEnd(Buffer.concat(chunks)),
  };
}
