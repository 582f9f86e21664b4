/**
 * What every registered provider has to do for every endpoint that it serves. The pairs come from
 * the registries and the cases from the providers' own folders, so that a new provider is held to
 * all of it as soon as it is registered.
 */
import fc from "fast-check";
import { ofProvider } from "../../../runtime/endpoints/provider-error.ts";
import { endpoints } from "../../../runtime/endpoints/registry.ts";
import type { Exchange } from "../../../runtime/ext_proc/pipeline/exchange.ts";
import { providerMetas } from "../../../runtime/providers/catalog.ts";
import { providers, support } from "../../../runtime/providers/registry.ts";
import {
  type ExchangeCase,
  type LoadedCase,
  loadCases,
  type ProviderFile,
  updating,
  withoutCases,
} from "./cases.ts";
import { endings } from "./endings.ts";
import { attempt, bodyOf, hear, type Pair, pairOf } from "./exchange.ts";
import { cut, frame, jsonOrText, parseOrText, readSse } from "./wire.ts";

const cases = loadCases();

test("every provider is in the catalog and has cases", () => {
  expect(providerMetas).toEqual(providers.map(({ meta }) => meta));
  expect(withoutCases(cases)).toEqual([]);
});

const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 8 });
const FEW = { numRuns: 25 };

/** Compares, or writes the case anew. */
function golden<Content>(
  loaded: LoadedCase<Content>,
  path: readonly (string | number)[],
  actual: unknown,
): void {
  const plain: unknown = actual === undefined ? undefined : JSON.parse(JSON.stringify(actual));
  if (updating) {
    if (plain !== undefined) loaded.save(path, plain);
    return;
  }
  const expected = path.reduce<unknown>((value, key) => Object(value)[key], loaded.content);
  expect(plain).toEqual(expected);
}

describe.each(providers.map((provider) => ({ provider, schema: provider.meta.schema })))(
  "$schema",
  ({ provider, schema }) => {
    const own = cases.get(schema);
    const pairs = endpoints.flatMap((endpoint) => pairOf(endpoint, provider) ?? []);

    describe.each(pairs.map((pair) => ({ pair, id: pair.endpoint.id })))("$id", ({ pair, id }) => {
      const exchanges = own?.exchanges(id) ?? [];

      test("has cases of whole and, where there are any, of streamed answers", () => {
        expect(support(id, schema)).toBe(pair.lane.way.kind);
        expect(exchanges.some(({ content }) => content.whole)).toBe(true);
        expect(exchanges.some(({ content }) => content.stream)).toBe(
          pair.endpoint.streams === true && pair.lane.way.kind !== "task",
        );
      });

      describe.each(exchanges)("$name", (loaded) => {
        requestTests(pair, loaded);
        if (loaded.content.whole) wholeTests(pair, loaded, loaded.content.whole);
        if (loaded.content.stream) {
          streamTests(pair, loaded, loaded.content.stream, own?.provider.content.framing ?? "sse");
        }
      });

      const errors = own?.provider.content.errors ?? [];
      test.each(errors.map((error, index) => ({ ...error, index })))(
        "tells the error: $name",
        ({ status, headers = {}, body, index }) => {
          const request = exchanges[0]?.content.request ?? {};
          const bytes = Buffer.from(jsonOrText(body));
          const { bytes: heard, pipe } = hear(
            attempt(pair, bodyOf(pair.endpoint, request)),
            [bytes],
            status,
            headers,
          );
          if (pipe.untouched) {
            expect(pair.lane.way.kind).toBe("passthrough");
            expect(heard).toEqual(bytes);
            expect(pipe.head()).toEqual({});
            return;
          }
          const { contentType, ...edit } = pipe.head();
          expect(contentType).toBe("application/json");
          if (pair.lane.way.kind === "task") {
            // What the provider says is told by the cases of conversation; here, that it arrives.
            const told = ofProvider(provider.error(status, (name) => headers[name], bytes));
            expect(edit).toMatchObject({ status: told.status });
            expect(heard).toEqual(pair.endpoint.errorBody(told));
          } else if (own) {
            golden(own.provider, ["errors", index, "clients", id], {
              ...edit,
              body: parseOrText(heard.toString()),
            });
          }
        },
      );
    });
  },
);

function requestTests(pair: Pair, loaded: LoadedCase<ExchangeCase>): void {
  const { request } = loaded.content;

  test("asks the provider, the same way each time", () => {
    const exchange = attempt(pair, bodyOf(pair.endpoint, request));
    const { path, headers, body, dropped } = exchange;
    expect(described(attempt(pair, bodyOf(pair.endpoint, request)))).toEqual(described(exchange));
    golden(loaded, ["upstream"], {
      path,
      ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
      ...(body === undefined ? {} : { body: JSON.parse(body.toString()) }),
      ...(dropped.length === 0 ? {} : { dropped }),
    });
  });
}

const described = ({ path, headers, body, dropped, model }: Exchange) => ({
  path,
  headers,
  body: body?.toString(),
  dropped,
  model,
});

function wholeTests(
  pair: Pair,
  loaded: LoadedCase<ExchangeCase>,
  whole: NonNullable<ExchangeCase["whole"]>,
): void {
  const exchange = () => attempt(pair, bodyOf(pair.endpoint, loaded.content.request));
  const bytes = Buffer.from(jsonOrText(whole.answer));

  test("hands a whole answer on, however its bytes are cut", () => {
    const heard = hear(exchange(), [bytes], 200, whole.headers);
    if (heard.pipe.untouched) expect(heard.bytes).toEqual(bytes);
    else golden(loaded, ["whole", "client"], parseOrText(heard.bytes.toString()));
    golden(loaded, ["whole", "usage"], heard.pipe.result().usage);
    const { served, error } = heard.pipe.result();
    expect(served).toBe(whole.refused !== true);
    if (served) expect(error).toBeUndefined();
    fc.assert(
      fc.property(sizes, (pieces) => {
        const again = hear(exchange(), cut(bytes, pieces), 200, whole.headers);
        expect(again.bytes).toEqual(heard.bytes);
        expect(again.pipe.result().usage).toEqual(heard.pipe.result().usage);
      }),
      FEW,
    );
  });
}

function streamTests(
  pair: Pair,
  loaded: LoadedCase<ExchangeCase>,
  stream: NonNullable<ExchangeCase["stream"]>,
  framing: ProviderFile["framing"],
): void {
  const body = bodyOf(pair.endpoint, { ...loaded.content.request, stream: true });
  const headers = { "content-type": "text/event-stream" };
  const listen = (pieces: readonly Buffer[]) => hear(attempt(pair, body), pieces, 200, headers);
  const bytes = frame(framing, stream.answer);
  const endingOf = (heard: Buffer) => endings[pair.endpoint.id]?.(readSse(heard));

  test("hands a stream on, however its bytes are cut, and ends it", () => {
    const heard = listen([bytes]);
    const { untouched } = heard.pipe;
    if (untouched) expect(heard.bytes).toEqual(bytes);
    else {
      golden(loaded, ["stream", "client"], readSse(heard.bytes));
      expect(heard.pipe.head().contentType).toBe("text/event-stream");
    }
    if (!untouched || wraps(pair)) {
      golden(loaded, ["stream", "asks"], differences(pair, loaded.content.request));
    }
    expect(endingOf(heard.bytes)).not.toBe("missing");
    golden(loaded, ["stream", "usage"], heard.pipe.result().usage);
    fc.assert(
      fc.property(sizes, (pieces) => {
        const again = listen(cut(bytes, pieces));
        expect(again.bytes).toEqual(heard.bytes);
        expect(again.pipe.result().usage).toEqual(heard.pipe.result().usage);
      }),
      FEW,
    );
  });

  if (pair.lane.way.kind === "passthrough") return;

  test("never passes a stream off as complete that breaks off", () => {
    const complete = readSse(listen([bytes]).bytes);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        const { bytes: heard, pipe } = listen([bytes.subarray(0, length)]);
        const { status = 200 } = pipe.head();
        if (status >= 400) {
          const shape = JSON.parse(String(pair.endpoint.errorBody({ status, message: "" })));
          expect(Object.keys(Object(parseOrText(heard.toString())))).toEqual(Object.keys(shape));
        } else if (endingOf(heard) === "complete") {
          // Only the counts, which come last, may be missing.
          expect(withoutUsage(readSse(heard))).toEqual(withoutUsage(complete));
        } else expect(endingOf(heard)).toBe("error");
      }),
      { numRuns: 60 },
    );
  });
}

/** The client's protocol travels in another wrapping. */
const wraps = ({ lane: { way } }: Pair): boolean =>
  way.kind === "passthrough" && way.passthrough.wrapping !== undefined;

/** What asking for a stream changes in the request. */
function differences(pair: Pair, request: Record<string, unknown>): Record<string, unknown> {
  const whole = attempt(pair, bodyOf(pair.endpoint, request));
  const streamed = attempt(pair, bodyOf(pair.endpoint, { ...request, stream: true }));
  const before = JSON.parse(String(whole.body));
  const after: Record<string, unknown> = JSON.parse(String(streamed.body));
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  );
  return {
    ...(streamed.path === whole.path ? {} : { path: streamed.path }),
    ...(changed.length === 0 ? {} : { body: Object.fromEntries(changed) }),
  };
}

const withoutUsage = (events: readonly { data: unknown }[]): unknown =>
  JSON.parse(
    JSON.stringify(events, (key, value) => (/^usage(Metadata)?$/.test(key) ? undefined : value)),
  );
