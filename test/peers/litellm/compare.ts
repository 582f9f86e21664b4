import type { BackendName, EveryBackend } from "../../support/every-backend.ts";
import { parseMessage } from "../../support/standins/google/published.ts";
import { differences } from "./differences.ts";
import { type PeerRequest, requests } from "./requests.ts";
import type { Json, Outcome, Side } from "./sides.ts";
import { type Summary, summary } from "./summary.ts";

/** One request, by both ways. */
export interface Comparison {
  request: PeerRequest;
  ours: Summary;
  theirs: Summary;
  /** What LiteLLM made of it as a client of this gateway. */
  asClient: Summary;
  /** As differences() tells them, each beginning with the backend and `upstream` or `answer`. */
  found: string[];
}

interface Sent {
  path: string;
  body: unknown;
}

export async function compareAll(
  every: EveryBackend,
  { ours, theirs, asClient }: Record<"ours" | "theirs" | "asClient", Side>,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const request of requests) {
    const mine = await sentBy(every, ours, request);
    const other = await sentBy(every, theirs, request);
    const client = summary(request.api, await asClient.ask(request));
    comparisons.push({ ...compared(request, mine, other), asClient: client });
  }
  return comparisons;
}

interface Asked {
  outcome: Outcome;
  sent: Sent | undefined;
}

async function sentBy(every: EveryBackend, side: Side, request: PeerRequest): Promise<Asked> {
  const { requests: recorded } = every.standIn(request.backend);
  const before = recorded.length;
  const outcome = await side.ask(request);
  const last = recorded.length > before ? recorded.at(-1) : undefined;
  const sent = last && {
    path: decodeURIComponent(last.path),
    body: canonical(request.backend, JSON.parse(last.body.toString()) as Json),
  };
  return { outcome, sent };
}

/** Protobuf has two spellings for each field. */
function canonical(backend: BackendName, body: Json): unknown {
  if (backend !== "vertex") return body;
  try {
    return parseMessage("GenerateContentRequest", body);
  } catch {
    return body;
  }
}

function compared(request: PeerRequest, mine: Asked, other: Asked): Omit<Comparison, "asClient"> {
  const { api, backend } = request;
  const ours = summary(api, mine.outcome);
  const theirs = summary(api, other.outcome);
  return {
    request,
    ours,
    theirs,
    found: [
      ...sentDifferences(mine.sent, other.sent).map((it) => `${backend} request, ${it}`),
      ...answerDifferences(ours, theirs).map((it) => `${backend} answer, ${it}`),
    ],
  };
}

function sentDifferences(ours: Sent | undefined, theirs: Sent | undefined): string[] {
  if (ours === undefined || theirs === undefined) {
    return ours === theirs ? [] : [`only ${ours === undefined ? "LiteLLM" : "ours"}: a request`];
  }
  const [path, other] = [ours.path, theirs.path].map((it) => it.split("?")[0]);
  // Requests to different operations have nothing in common.
  return path === other ? differences(ours, theirs) : ["differs: operation"];
}

const answerDifferences = (ours: Summary, theirs: Summary): string[] =>
  (ours.error === undefined) === (theirs.error === undefined)
    ? differences(ours, theirs)
    : [`only ${ours.error === undefined ? "ours" : "LiteLLM"}: an answer`];
