import type { HeaderLookup } from "../../conversation/codec.ts";
import { streamsByPath } from "../../endpoints/path-models.ts";
import { badUpstream } from "../../lib/errors.ts";
import { type Member, scanObject, spliceObject } from "../../lib/json-splice.ts";
import { editForm, scanForm } from "../../lib/multipart.ts";
import type { Transducer } from "../../lib/transducer.ts";
import type { Passthrough, UsageObserver } from "../../providers/provider.ts";
import type { AnswerHead, AnswerPipe, Exchange } from "./exchange.ts";
import { clientErrorOf } from "./failure.ts";
import type { Lane } from "./lane.ts";
import { estimateTokens } from "./metadata.ts";
import { withQuery } from "./path.ts";
import { translatedError } from "./translated-error.ts";
import { unwrapped } from "./unwrapped.ts";
import { hideUsageChunk } from "./usage-chunk.ts";

export interface PassthroughRequest {
  /** The client's path with its query. */
  path: string;
  /** The model that the client asked for. */
  model: string;
  /** Undefined where Envoy keeps the body to itself. */
  body: Buffer | undefined;
  /** Of the body; a form cannot be read without. */
  contentType?: string | undefined;
  /** The client's headers. */
  headers: HeaderLookup;
}

/**
 * An attempt whose provider speaks the client's protocol. The body is not parsed: a scan finds the
 * few members that matter, and edits are spliced in.
 * @throws {UserError} 400 when the body has to be looked at and is no JSON object, or no form.
 */
export function passthroughExchange(
  lane: Lane,
  passthrough: Passthrough,
  request: PassthroughRequest,
): Exchange {
  const model = lane.program.model ?? request.model;
  const edited = editedBody(lane, passthrough, request);
  const { wrapping } = passthrough;
  const stream =
    lane.endpoint.modelIn === "path" ? streamsByPath(request.path) : edited?.streams === true;
  return {
    model,
    path: withQuery(passthrough.path(lane.context, model, stream), request.path),
    headers: [],
    body: edited?.body,
    dropped: [],
    answer: (head) => {
      if (wrapping === undefined)
        return forward(lane, passthrough, head, edited?.usageAdded === true);
      if (head.status >= 400) return translatedError(lane, head);
      const frames = stream ? wrapping.stream?.() : undefined;
      const inner = forward(lane, passthrough, head, false, frames !== undefined);
      return frames === undefined ? inner : unwrapped(lane, inner, frames);
    },
  };
}

interface EditedBody {
  /** Undefined where nothing was changed. */
  body: Buffer | undefined;
  /** The stream will report usage that the client did not ask for. */
  usageAdded: boolean;
  /** The client asked for a stream; looked for only where that makes a difference. */
  streams?: boolean;
}

function editedBody(
  lane: Lane,
  passthrough: Passthrough,
  { body, contentType, headers }: PassthroughRequest,
): EditedBody | undefined {
  if (body === undefined) return undefined;
  return lane.endpoint.modelIn === "form"
    ? editFields(lane, body, contentType)
    : editMembers(lane, passthrough, body, headers);
}

/** A form that needs no edit is not looked at. */
function editFields(lane: Lane, raw: Buffer, contentType: string | undefined): EditedBody {
  const edit = new Map<string, string | undefined>();
  if (lane.program.model !== undefined) edit.set("model", lane.program.model);
  for (const [name, value] of lane.bodyEdit ?? []) {
    // Mutations are JSON; a field of a form is text.
    const text: unknown = value === undefined ? undefined : JSON.parse(value);
    edit.set(name, typeof text === "string" ? text : value);
  }
  const body = edit.size === 0 ? undefined : editForm(scanForm(raw, contentType), edit);
  return { body, usageAdded: false };
}

function editMembers(
  lane: Lane,
  { wrapping, streamUsageOption }: Passthrough,
  raw: Buffer,
  headers: HeaderLookup,
): EditedBody {
  const members = scanObject(raw);
  const edit = new Map<string, string | undefined>();
  if (lane.program.model !== undefined && lane.endpoint.modelIn !== "path") {
    edit.set("model", JSON.stringify(lane.program.model));
  }
  if (wrapping !== undefined) {
    for (const [name, value] of wrapping.request(lane.context, headers)) edit.set(name, value);
  }
  const usageOption = streamUsageOption && lane.program.costs?.length;
  const added = usageOption ? addStreamUsage(raw, members) : undefined;
  if (added !== undefined) edit.set("stream_options", added);
  if (lane.bodyEdit !== undefined) for (const [name, value] of lane.bodyEdit) edit.set(name, value);
  const body = edit.size === 0 ? raw : spliceObject(raw, edit, members);
  return {
    body: body === raw ? undefined : body,
    usageAdded: added !== undefined,
    ...(wrapping === undefined ? {} : { streams: asksForStream(raw, members) }),
  };
}

function asksForStream(raw: Buffer, members: readonly Member[]): boolean {
  const stream = members.findLast(({ key }) => key === "stream");
  return stream !== undefined && text(raw, stream) === "true";
}

/** `stream_options` with usage, where the request streams and does not ask for it. */
function addStreamUsage(raw: Buffer, members: readonly Member[]): string | undefined {
  if (!asksForStream(raw, members)) return undefined;
  const options = members.findLast(({ key }) => key === "stream_options");
  if (options === undefined || raw[options.start] !== OPEN_BRACE) return '{"include_usage":true}';
  const object = raw.subarray(options.start, options.end);
  const inner = scanObject(object);
  const asked = inner.findLast(({ key }) => key === "include_usage");
  if (asked !== undefined && text(object, asked) === "true") return undefined;
  return spliceObject(object, new Map([["include_usage", "true"]]), inner).toString("utf8");
}

const OPEN_BRACE = 0x7b;

const text = (json: Buffer, { start, end }: Member): string => json.toString("latin1", start, end);

const isEventStream = (head: AnswerHead): boolean =>
  head.headers("content-type")?.toLowerCase().startsWith("text/event-stream") === true;

/** Bytes go by as they are, but for the chunk of usage that the gateway itself asked for. */
function forward(
  lane: Lane,
  passthrough: Passthrough,
  head: AnswerHead,
  usageAdded: boolean,
  wrapped = false,
): AnswerPipe {
  const ok = head.status >= 200 && head.status < 300;
  const streaming = ok && (wrapped || isEventStream(head));
  const observer = ok ? passthrough.observer(streaming) : undefined;
  const filter = streaming && usageAdded ? hideUsageChunk() : undefined;
  let bytes = 0;
  let events = 0;
  let broken: unknown;

  const look = (at: (observer: UsageObserver) => void): void => {
    if (observer === undefined || broken !== undefined) return;
    try {
      at(observer);
    } catch (error) {
      // The client's answer is not at fault; its usage is missing.
      broken = error;
    }
  };
  let dead = false;
  const pass = (run: (filter: Transducer<Buffer, Buffer>) => Buffer[]): Buffer[] =>
    filter === undefined || dead ? [] : run(filter);

  return {
    untouched: filter === undefined,
    streaming,
    push(chunk) {
      bytes += chunk.length;
      if (streaming) events += countEvents(chunk);
      // An observer holds an answer that does not stream.
      else if (bytes > head.maxBytes) broken ??= tooLarge(head.maxBytes);
      look((o) => o.push(chunk));
      return pass((f) => f.push(chunk));
    },
    finish() {
      look((o) => o.finish());
      return pass((f) => f.finish());
    },
    fail(error) {
      broken ??= error;
      if (filter === undefined || dead) return [];
      // The client gets bytes that were unpacked on their way, and there will be no more of them.
      dead = true;
      return [lane.endpoint.errorEvent(clientErrorOf(error))];
    },
    head: () => ({}),
    result: () => ({
      served: ok,
      usage: broken === undefined ? observer?.usage() : undefined,
      model: broken === undefined ? observer?.model() : undefined,
      outputEstimate: streaming ? events : estimateTokens(bytes),
      error: broken,
    }),
  };
}

const tooLarge = (limit: number): Error =>
  badUpstream(`usage is not read from an answer of more than ${limit} bytes`);

const EVENT_END = Buffer.from("\n\n");

/** Events of a stream carry about a token each; an estimate, so ends cut in two are not minded. */
function countEvents(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(EVENT_END); at >= 0; at = chunk.indexOf(EVENT_END, at + 2))
    count += 1;
  return count;
}
