/**
 * Whatever a client or a provider sends, the answer is an error with a status or an answer: nothing
 * else is ever thrown. Golden cases serve as seeds, damaged in random places.
 */
import fc from "fast-check";
import { endpoints } from "../../../runtime/endpoints/registry.ts";
import { UserError } from "../../../runtime/lib/errors.ts";
import { providers } from "../../../runtime/providers/registry.ts";
import { type ExchangeCase, loadCases, type ProviderFile, type WireEvent } from "./cases.ts";
import { attempt, hear, type Pair, pairOf } from "./exchange.ts";
import { frame, jsonOrText } from "./wire.ts";

const cases = loadCases();

interface Seeded {
  name: string;
  pair: Pair;
  exchange: ExchangeCase;
  framing: ProviderFile["framing"];
}

const seeds: Seeded[] = providers.flatMap((provider) =>
  endpoints.flatMap((endpoint): Seeded[] => {
    const pair = pairOf(endpoint, provider);
    const own = cases.get(provider.meta.schema);
    if (pair === undefined || own === undefined || pair.lane.way.kind === "passthrough") return [];
    return own.exchanges(endpoint.id).map(({ name, content }) => ({
      name: `${endpoint.id} to ${provider.meta.schema}: ${name}`,
      pair,
      exchange: content,
      framing: own.provider.content.framing,
    }));
  }),
);

/** Values that JSON allows and nobody expects. */
const surprise = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e300, "", " ", "data:,", [], {}, [null], [[]]),
  fc.string({ maxLength: 10 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Replaces one value somewhere in a copy, or takes it out; `at` chooses where. */
function damage(value: unknown, at: number, replacement: unknown): unknown {
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const holder = node as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      walk(holder[key]);
    }
  };
  const copy: unknown = structuredClone(value);
  walk(copy);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return replacement;
  if (replacement === undefined) delete place.holder[place.key];
  else place.holder[place.key] = replacement;
  return copy;
}

const injury = fc.record({
  at: fc.nat(),
  replacement: fc.option(surprise, { nil: undefined, freq: 5 }),
});
const RUNS = { numRuns: 150 };

describe.each(seeds)("$name", ({ pair, exchange: { request, whole, stream }, framing }) => {
  test("any request is answered or refused with a status", () => {
    fc.assert(
      fc.property(injury, ({ at, replacement }) => {
        const body = Buffer.from(jsonOrText(damage(request, at, replacement)));
        try {
          attempt(pair, body);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect([400, 422]).toContain(error.status);
        }
      }),
      RUNS,
    );
  });

  /** What the pipe noted as wrong may only be what a client may be told. */
  const listen = (asked: Record<string, unknown>, bytes: Buffer): void => {
    const { pipe } = hear(attempt(pair, Buffer.from(JSON.stringify(asked))), [bytes]);
    const { error } = pipe.result();
    if (error !== undefined && !(error instanceof UserError)) throw error;
  };

  if (whole) {
    test("any whole answer is read, or is an error of the provider's", () => {
      fc.assert(
        fc.property(injury, ({ at, replacement }) =>
          listen(request, Buffer.from(jsonOrText(damage(whole.answer, at, replacement)))),
        ),
        RUNS,
      );
    });
  }

  if (stream) {
    test("any stream is read, or is an error of the provider's", () => {
      fc.assert(
        fc.property(injury, ({ at, replacement }) => {
          const events = stream.answer.map(({ event, data }) => ({ event, data }));
          const data = damage(
            events.map((sent) => sent.data),
            at,
            replacement,
          ) as unknown[];
          const damaged = events.map(
            ({ event }, index): WireEvent => ({
              ...(event === undefined ? {} : { event }),
              data: data[index] ?? null,
            }),
          );
          // Line breaks would end the event.
          if (
            framing === "sse" &&
            damaged.some(({ data: sent }) => /[\r\n]/.test(jsonOrText(sent)))
          ) {
            return;
          }
          listen({ ...request, stream: true }, frame(framing, damaged));
        }),
        RUNS,
      );
    });
  }
});
