/**
 * CPU time of every translation, in process: a request of 3 KB on its way to the provider, a chunk of
 * a stream on its way back after few and after many, in µs. `npm run bench:pairs`
 */

import { MODELS } from "../contract/fields/probe.ts";
import type { WireEvent } from "../contract/providers/cases.ts";
import { attempt, hear, type Pair } from "../contract/providers/exchange.ts";
import { frame } from "../contract/providers/wire.ts";
import { loadSeeds, type Seed } from "../fuzz/seeds.ts";

const TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(11);
const TURNS = 6;
const REQUESTS = 2000;
const ROUNDS = 4;
const FEW = 400;
const MANY = 8000;
/** What all others are held against. */
const REFERENCE = "chat-completions to AWSBedrock";
const LIMIT = 1.5;

const turns = <Turn>(of: (role: "user" | "assistant") => Turn): Turn[] =>
  Array.from({ length: TURNS }, (_, at) => of(at % 2 === 0 ? "user" : "assistant"));

/** The same conversation in the words of each client. */
const REQUEST: Readonly<Record<string, object>> = {
  "chat-completions": { messages: turns((role) => ({ role, content: TEXT })), max_tokens: 500 },
  messages: { messages: turns((role) => ({ role, content: TEXT })), max_tokens: 500 },
  responses: { input: turns((role) => ({ role, content: TEXT })), max_output_tokens: 500 },
  "generate-content": {
    contents: turns((role) => ({
      role: role === "user" ? "user" : "model",
      parts: [{ text: TEXT }],
    })),
    generationConfig: { maxOutputTokens: 500 },
  },
};

const requestOf = ({ endpoint, provider }: Pair, stream: boolean): Buffer =>
  Buffer.from(
    JSON.stringify({
      model: MODELS[provider.meta.schema],
      ...REQUEST[endpoint.id],
      ...(stream ? { stream } : {}),
    }),
  );

/**
 * µs of CPU time of this process, which the load of the machine does not lengthen; the least of some
 * rounds, for compiling and collecting garbage are of the others.
 */
function cpu(run: () => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...rounds);
}

function perRequest(pair: Pair): number {
  const body = requestOf(pair, false);
  const run = (times: number): void => {
    for (let n = 0; n < times; n += 1) attempt(pair, body);
  };
  run(REQUESTS / 4);
  return cpu(() => run(REQUESTS)) / REQUESTS;
}

const HEADERS = { "content-type": "text/event-stream" };

interface Repeatable {
  events: readonly WireEvent[];
  at: number;
}

/** The first event of a case that can come any number of times: a piece of the text. */
function repeatable({ pair, exchange, framing }: Seed): Repeatable | undefined {
  const events = exchange.stream?.answer ?? [];
  const told = (bytes: Buffer): number | undefined => {
    const { bytes: heard, pipe } = hear(
      attempt(pair, requestOf(pair, true)),
      [bytes],
      200,
      HEADERS,
    );
    return pipe.result().error === undefined && pipe.result().served ? heard.length : undefined;
  };
  const once = told(frame(framing, events));
  const at = events.findIndex((_, index) => {
    const longer = told(frame(framing, repeated({ events, at: index }, 20)));
    return once !== undefined && longer !== undefined && longer > once + 20 * 40;
  });
  return at < 0 ? undefined : { events, at };
}

const repeated = ({ events, at }: Repeatable, times: number): WireEvent[] => [
  ...events.slice(0, at),
  ...Array.from({ length: times }, () => events[at] as WireEvent),
  ...events.slice(at + 1),
];

/** Each chunk holds one event, as providers send them. */
function perChunk({ pair, framing }: Seed, stream: Repeatable, times: number): number {
  const chunks = repeated(stream, times).map((event) => frame(framing, [event]));
  const body = requestOf(pair, true);
  const run = (): void => void hear(attempt(pair, body), chunks, 200, HEADERS);
  run();
  const rounds = Math.max(1, Math.round(MANY / times));
  return (
    cpu(() => {
      for (let n = 0; n < rounds; n += 1) run();
    }) /
    (rounds * times)
  );
}

const seeds = loadSeeds().filter(
  ({ pair }) => pair.lane.way.kind === "conversation" && REQUEST[pair.endpoint.id] !== undefined,
);
const pairs = new Map<string, { seed: Seed; stream: Repeatable }>();
for (const seed of seeds) {
  const name = `${seed.pair.endpoint.id} to ${seed.pair.provider.meta.schema}`;
  if (pairs.has(name)) continue;
  const stream = repeatable(seed);
  if (stream !== undefined) pairs.set(name, { seed, stream });
}

const rows = [...pairs].map(([name, { seed, stream }]) => ({
  name,
  request: perRequest(seed.pair),
  few: perChunk(seed, stream, FEW),
  many: perChunk(seed, stream, MANY),
}));
const reference = rows.find(({ name }) => name === REFERENCE);
const column = (value: number): string => value.toFixed(1).padStart(9);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`${"".padEnd(44)}  request   chunk of ${FEW}, of ${MANY}`);
for (const { name, request, few, many } of rows.sort((a, b) => b.request - a.request)) {
  const slow =
    reference !== undefined &&
    (request > LIMIT * reference.request || many > LIMIT * reference.many);
  const grows = many > LIMIT * few;
  say(
    `${name.padEnd(44)}${column(request)}${column(few)}${column(many)}${slow ? `  over ${LIMIT} of ${REFERENCE}` : ""}${grows ? "  GROWS" : ""}`,
  );
}
