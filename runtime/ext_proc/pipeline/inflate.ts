import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from "node:zlib";
import { badUpstream } from "../../lib/errors.ts";

/** Takes an HTTP content encoding off, piece by piece. */
export interface Inflater {
  /** What these bytes complete. Calls must not overlap. @throws {UserError} 502 */
  push(chunk: Buffer): Promise<Buffer>;
  /** The rest. @throws {UserError} 502 when the encoded bytes ended too early. */
  finish(): Promise<Buffer>;
  /** Frees what is held; for streams that end in between. */
  close(): void;
}

const flush = { flush: constants.Z_SYNC_FLUSH };
const CODECS: Record<string, () => ReturnType<typeof createGunzip>> = {
  gzip: () => createGunzip(flush),
  "x-gzip": () => createGunzip(flush),
  deflate: () => createInflate(flush),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress(),
};

/** Is there anything to take off? */
export const isEncoded = (encoding: string | undefined): encoding is string =>
  encoding !== undefined && encoding !== "" && encoding.toLowerCase() !== "identity";

/**
 * `maxChunk`: bytes that one piece may grow to; a bomb ends there.
 * @throws {UserError} 502 for an encoding that is not known.
 */
export function createInflater(encoding: string, maxChunk: number): Inflater {
  const create = CODECS[encoding.trim().toLowerCase()];
  if (create === undefined) {
    throw badUpstream(
      `the provider's answer has the content encoding ${encoding}, which is not known`,
    );
  }
  const stream = create();
  let pieces: Buffer[] = [];
  let size = 0;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  const fail = (error: Error): void => {
    failure ??= error;
    stream.destroy();
    wake?.();
  };
  stream.on("error", () =>
    fail(badUpstream("the provider's compressed answer is damaged or incomplete")),
  );
  stream.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > maxChunk) fail(badUpstream("the provider's compressed answer grows too large"));
    else pieces.push(piece);
  });

  const step = (run: (done: () => void) => void): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      const done = (): void => {
        wake = undefined;
        const got = pieces;
        pieces = [];
        size = 0;
        if (failure === undefined)
          resolve(got.length === 1 && got[0] ? got[0] : Buffer.concat(got));
        else reject(failure);
      };
      wake = done;
      run(done);
    });

  return {
    push: (chunk) => step((done) => stream.write(chunk, () => done())),
    finish: () =>
      step((done) => {
        // What is encoded may have ended before the bytes did: its end is not told twice.
        if (stream.readableEnded) done();
        else stream.once("end", done).end();
      }),
    close: () => void stream.destroy(),
  };
}
