import { endpoints } from "../../../runtime/endpoints/registry.ts";
import { providers } from "../../../runtime/providers/registry.ts";
import { answerOf, attempt, type Pair, pairOf } from "./exchange.ts";
import { questionFor } from "./questions.ts";
import { chunksFor, KINDS } from "./scripts.ts";

/** Every kind of stream of so many pieces, at every pair of endpoint and provider that converse. */
export const listenToAll = (length: number): Listening[] =>
  endpoints
    .filter(({ conversation }) => conversation !== undefined)
    .flatMap((endpoint) => providers.flatMap((provider) => pairOf(endpoint, provider) ?? []))
    .flatMap((pair) => KINDS.map((kind) => new Listening(pair, kind, length)));

/** A stream that is being heard. */
class Listening {
  readonly #pipe;
  readonly #chunks: Buffer[];
  #at = 0;

  constructor(pair: Pair, kind: (typeof KINDS)[number], length: number) {
    const question = questionFor(pair.endpoint.id, "any", true);
    const exchange = attempt(pair, Buffer.from(JSON.stringify(question)));
    this.#pipe = answerOf(exchange, 200, { "content-type": "text/event-stream" });
    this.#chunks = chunksFor(pair, kind, length);
  }

  /** @returns false where the stream is shorter: Gemini's clients hear calls whole */
  to(end: number): boolean {
    for (; this.#at < end; this.#at += 1) {
      const chunk = this.#chunks[this.#at];
      if (chunk === undefined) return false;
      this.#pipe.push(chunk);
    }
    return this.#pipe.result().error === undefined;
  }
}
