import type { ProcessingResponse } from "../wire/response.ts";
import type { SessionObserver } from "./observer.ts";
import type { ProgramCache } from "./programs.ts";

/** What a session is given from outside: it reads no clock and makes up no ids itself. */
export interface SessionEnvironment {
  programs: ProgramCache;
  observer: SessionObserver;
  /** Bytes of a request, and of an answer that has to be read whole, that are held. */
  maxBodyBytes: number;
  /** Milliseconds on a clock that never goes back; fractions count. */
  now(): number;
  /** Unix seconds. */
  unixTime(): number;
  /** An id for answers whose provider gives none. */
  newId(): string;
}

/** Answers in order; a promise only where bytes have to be decompressed. */
export type Answers = readonly ProcessingResponse[] | Promise<readonly ProcessingResponse[]>;
