/**
 * CPU time of every pair of endpoint and provider that converse, in process: a request of 3 KB on its
 * way to the provider, and a chunk of a stream on its way back after few and after many, in µs. A pair
 * that is slow without a reason fails the run. `npm run bench:pairs [-- --json <file>] [<part of a pair's name>]`
 */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { MODEL_IN_PATH, streamsByPath } from "../../runtime/endpoints/path-models.ts";
import { endpoints } from "../../runtime/endpoints/registry.ts";
import type { Exchange } from "../../runtime/ext_proc/pipeline/exchange.ts";
import { startExchange } from "../../runtime/ext_proc/pipeline/start.ts";
import { providers } from "../../runtime/providers/registry.ts";
import { MODELS } from "../contract/fields/probe.ts";
import { hear, type Pair, pairOf } from "../contract/providers/exchange.ts";
import { chunksFor, type Kind } from "../contract/providers/scripts.ts";
import { LIMIT, nameOf, REFERENCE, reasonOf } from "./pair-reasons.ts";

const TEXT = `${"The quick brown fox jumps over the lazy dog. ".repeat(13)}Why?`;
const TURNS = 5;
const REQUESTS = 2000;
const ROUNDS = 5;
const FEW = 400;
const MANY = 8000;

const turns = <Turn>(of: (role: "user" | "assistant") => Turn): Turn[] =>
  Array.from({ length: TURNS }, (_, at) => of(at % 2 === 0 ? "user" : "assistant"));

/** The same conversation in the words of each client. */
const REQUEST: Readonly<Record<string, object>> = {
  "chat-completions": { messages: turns((role) => ({ role, content: TEXT })), max_tokens: 500 },
  messages: { messages: turns((role) => ({ role, content: TEXT })), max_tokens: 500 },
  "cohere-chat": { messages: turns((role) => ({ role, content: TEXT })), max_tokens: 500 },
  completions: { prompt: TEXT.repeat(TURNS), max_tokens: 500 },
  responses: { input: turns((role) => ({ role, content: TEXT })), max_output_tokens: 500 },
  "generate-content": {
    contents: turns((role) => ({
      role: role === "user" ? "user" : "model",
      parts: [{ text: TEXT }],
    })),
    generationConfig: { maxOutputTokens: 500, thinkingConfig: { includeThoughts: true } },
  },
};

/** The pipeline's own attempts at such a request. */
function attempts(pair: Pair, stream: boolean): () => Exchange {
  const { endpoint, provider, lane } = pair;
  const request = REQUEST[endpoint.id];
  if (request === undefined) throw new Error(`no request is written for ${endpoint.id}`);
  const model = MODELS[provider.meta.schema] ?? "";
  const byPath = endpoint.modelIn === "path";
  const streamPath = stream ? endpoint.otherPaths?.find(streamsByPath) : undefined;
  const path = `${(streamPath ?? endpoint.path).replace(MODEL_IN_PATH, model)}${streamPath === undefined ? "" : "?alt=sse"}`;
  const named = byPath ? {} : { model, ...(stream ? { stream } : {}) };
  const body = Buffer.from(JSON.stringify({ ...named, ...request }));
  return () => startExchange(lane, { path, model, body, headers: () => undefined });
}

interface Work {
  run(): void;
  /** Requests or chunks in a run. */
  units: number;
}

function requests(pair: Pair): Work {
  const attempt = attempts(pair, false);
  const run = (): void => {
    for (let n = 0; n < REQUESTS; n += 1) attempt();
  };
  return { run, units: REQUESTS };
}

/** One stream, or some; each chunk holds one event, as providers send them. */
function chunks(pair: Pair, kind: Kind, length: number): Work {
  const pieces = chunksFor(pair, kind, length);
  const attempt = attempts(pair, true);
  const streams = MANY / length;
  const listen = () => hear(attempt(), pieces, 200, { "content-type": "text/event-stream" });
  const { error, served } = listen().pipe.result();
  if (error !== undefined || !served) throw new Error(`${nameOf(pair)}: not served: ${error}`);
  return {
    run() {
      for (let n = 0; n < streams; n += 1) listen();
    },
    units: pieces.length * streams,
  };
}

/** µs of CPU time of this process, which the load of the machine does not lengthen much. */
function cpu({ run, units }: Work): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / units;
}

const works = (pair: Pair) => ({
  request: requests(pair),
  few: chunks(pair, "text", FEW),
  many: chunks(pair, "text", MANY),
  thinking: chunks(pair, "thinking", FEW),
  arguments: chunks(pair, "arguments", FEW),
});
type Column = keyof ReturnType<typeof works>;

const command = new Command("bench:pairs")
  .description("CPU time of every pair of endpoint and provider that converse, in process.")
  .argument("[parts...]", "only pairs whose name has one of these parts")
  .option("--json <file>", "write all figures to this file as JSON")
  .parse();
const wanted = command.args;
const pairs = endpoints
  .filter(({ conversation }) => conversation !== undefined)
  .flatMap((endpoint) => providers.flatMap((provider) => pairOf(endpoint, provider) ?? []))
  .filter(
    (pair) =>
      wanted.length === 0 ||
      nameOf(pair) === REFERENCE ||
      wanted.some((part) => nameOf(pair).includes(part)),
  )
  .map((pair) => ({ pair, works: works(pair) }));

const columns: Record<Column, string> = {
  request: "request",
  few: `of ${FEW}`,
  many: `of ${MANY}`,
  thinking: "thinking",
  arguments: "arguments",
};
const names = Object.keys(columns) as Column[];
// All of it once before any is measured: code that one pair alone has run is faster than it will be.
for (const { works } of pairs) for (const name of names) cpu(works[name]);

const reference = pairs.find(({ pair }) => nameOf(pair) === REFERENCE);
if (reference === undefined) throw new Error(`there is no pair ${REFERENCE}`);

/**
 * The least of some rounds, as compiling and collecting garbage are of the others; and that of the
 * reference in between, since what a machine can do changes from minute to minute.
 */
function least(work: Work, held: Work): { cost: number; ratio: number } {
  const rounds = Array.from({ length: ROUNDS }, () => [cpu(work), cpu(held)] as const);
  const cost = Math.min(...rounds.map(([own]) => own));
  return { cost, ratio: cost / Math.min(...rounds.map(([, other]) => other)) };
}

const rows = pairs.map(({ pair, works }) => ({
  name: nameOf(pair),
  reason: reasonOf(pair),
  costs: names.map((column) => ({ column, ...least(works[column], reference.works[column]) })),
  growth: least(works.many, works.few).ratio,
}));
const requestOf = ({ costs }: (typeof rows)[number]): number => costs[0]?.cost ?? 0;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const cell = (value: string): string => value.padStart(10);
say(`µs of CPU time${" ".repeat(26)}${names.map((name) => cell(columns[name])).join("")}`);
let faults = 0;
for (const row of rows.sort((a, b) => requestOf(b) - requestOf(a))) {
  const { name, reason, costs, growth } = row;
  const slow = costs.filter(({ ratio }) => ratio > LIMIT);
  const grows = growth > LIMIT;
  if (grows || (slow.length > 0 && reason === undefined)) faults += 1;
  const figures = costs.map(({ cost }) => cell(cost.toFixed(1))).join("");
  const over = slow
    .map(({ column, ratio }) => `${columns[column]} ×${ratio.toFixed(1)}`)
    .join(", ");
  const remark = slow.length === 0 ? "" : `  ${over}: ${reason ?? "NO REASON"}`;
  say(`${name.padEnd(40)}${figures}${remark}${grows ? "  GROWS" : ""}`);
}
const { json } = command.opts<{ json?: string }>();
if (json !== undefined) {
  const pairRows = rows.map(({ name, reason, costs, growth }) => ({ name, reason, growth, costs }));
  writeFileSync(json, `${JSON.stringify({ reference: REFERENCE, pairs: pairRows }, null, 2)}\n`);
}
if (faults > 0) {
  say(`${faults} pairs cost more than ${LIMIT} times ${REFERENCE} without a reason, or grow`);
  process.exitCode = 1;
}
