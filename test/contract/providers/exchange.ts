import type { Endpoint } from "../../../runtime/endpoints/endpoint.ts";
import { MODEL_IN_PATH, streamsByPath } from "../../../runtime/endpoints/path-models.ts";
import type {
  AnswerHead,
  AnswerPipe,
  Exchange,
} from "../../../runtime/ext_proc/pipeline/exchange.ts";
import { type Lane, wayOf } from "../../../runtime/ext_proc/pipeline/lane.ts";
import { startExchange } from "../../../runtime/ext_proc/pipeline/start.ts";
import { PROGRAM_VERSION } from "../../../runtime/program/program.ts";
import type { Provider } from "../../../runtime/providers/provider.ts";

/** An endpoint and a provider that serves it. */
export interface Pair {
  endpoint: Endpoint;
  provider: Provider;
  lane: Lane;
}

/** Undefined where the provider cannot serve the endpoint. */
export function pairOf(endpoint: Endpoint, provider: Provider): Pair | undefined {
  const way = wayOf(endpoint, provider);
  if (way === undefined) return undefined;
  const { schema, defaultPrefix } = provider.meta;
  const lane: Lane = {
    program: { v: PROGRAM_VERSION, route: "default/route", backend: "default/backend", schema },
    endpoint,
    provider,
    context: { prefix: defaultPrefix },
    bodyEdit: undefined,
    way,
  };
  return { endpoint, provider, lane };
}

/** The pipeline's own attempt, as ext_proc makes it. */
export function attempt({ endpoint, lane }: Pair, body: Buffer): Exchange {
  if (endpoint.modelIn === "path") return attemptByPath({ endpoint, lane }, body);
  const { model } = endpoint.parse(body, { contentType: FORM_TYPE });
  return startExchange(lane, {
    path: endpoint.path,
    model,
    body,
    contentType: FORM_TYPE,
    headers: () => undefined,
  });
}

/** Cases have the model, and whether to stream, in the body all the same. */
function attemptByPath(
  { endpoint, lane }: Pick<Pair, "endpoint" | "lane">,
  body: Buffer,
): Exchange {
  const said = parsed(body);
  // It comes in a header, whose bytes are read as UTF-8.
  const model = typeof said?.model === "string" ? said.model.toWellFormed() : "";
  const streamPath = said?.stream === true ? endpoint.otherPaths?.find(streamsByPath) : undefined;
  const path = streamPath ?? endpoint.path;
  const { model: _, stream: __, ...rest } = said ?? {};
  return startExchange(lane, {
    path:
      path.replace(MODEL_IN_PATH, encodeURIComponent(model)) +
      (streamPath === undefined ? "" : "?alt=sse"),
    model,
    body: said === undefined ? body : Buffer.from(JSON.stringify(rest)),
    contentType: FORM_TYPE,
    headers: () => undefined,
  });
}

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const BOUNDARY = "the-boundary";
/** Endpoints that take JSON do not look at it. */
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** A case's request as bytes: JSON, or a form whose field `file` is a file. */
export function bodyOf(
  { modelIn }: Pick<Endpoint, "modelIn">,
  request: Record<string, unknown>,
): Buffer {
  if (modelIn !== "form") return Buffer.from(JSON.stringify(request));
  const parts = Object.entries(request).map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${name === "file" ? '; filename="a.wav"' : ""}\r\n\r\n${value}\r\n`,
  );
  return Buffer.from(`${parts.join("")}--${BOUNDARY}--\r\n`);
}

const head = (status: number, headers: Readonly<Record<string, string>>): AnswerHead => ({
  status,
  headers: (name) => headers[name],
  unixTime: () => 1_700_000_000,
  newId: () => "answer-1",
  maxBytes: 1_000_000,
});

/** The pipe of an answer with this head. */
export const answerOf = (
  exchange: Exchange,
  status: number,
  headers: Readonly<Record<string, string>>,
): AnswerPipe => exchange.answer(head(status, headers));

export interface Heard {
  bytes: Buffer;
  pipe: AnswerPipe;
}

/** What the client gets of an answer that comes in these pieces. */
export function hear(
  exchange: Exchange,
  pieces: readonly Buffer[],
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Heard {
  const pipe = answerOf(exchange, status, headers);
  const out: Buffer[] = [];
  for (const piece of pieces) {
    const made = pipe.push(piece);
    out.push(...(pipe.untouched ? [piece] : made));
  }
  out.push(...pipe.finish());
  return { bytes: Buffer.concat(out), pipe };
}
