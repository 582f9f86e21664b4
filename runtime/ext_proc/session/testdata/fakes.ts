import type { ConversationEncoder, ConversationProvider } from "../../../conversation/codec.ts";
import type { ConversationEvent } from "../../../conversation/events.ts";
import type { Endpoint, ParsedRequest } from "../../../endpoints/endpoint.ts";
import { badRequest, badUpstream, unprocessable } from "../../../lib/errors.ts";
import type { Transducer } from "../../../lib/transducer.ts";
import type { Passthrough, Provider } from "../../../providers/provider.ts";
import type { SessionEnvironment } from "../environment.ts";
import type { SessionObserver } from "../observer.ts";
import { ProgramCache, type Registries } from "../programs.ts";

interface FakeBody {
  model: string;
  stream?: boolean;
  text?: string;
}

function parse(raw: Buffer): ParsedRequest<FakeBody> {
  let body: FakeBody;
  try {
    body = JSON.parse(raw.toString("utf8")) as FakeBody;
  } catch {
    throw badRequest("the request body is not JSON");
  }
  if (typeof body.model !== "string") throw unprocessable("model: a string is needed", "model");
  return { model: body.model, stream: body.stream === true, body };
}

/** Whole: `{"text"}` at the end. Streamed: `data: <text>` for each delta, then `data: [DONE]`. */
function encoder(stream: boolean): ConversationEncoder {
  let text = "";
  return {
    contentType: stream ? "text/event-stream" : "application/json",
    push(event) {
      if (event.type === "text-delta") {
        if (stream) return [Buffer.from(`data: ${event.text}\n\n`)];
        text += event.text;
      }
      if (event.type === "end") {
        return [Buffer.from(stream ? "data: [DONE]\n\n" : JSON.stringify({ text }))];
      }
      return [];
    },
    finish: () => [],
  };
}

/** An endpoint of OpenAI's kind, small enough to see through. */
export const fakeEndpoint: Endpoint = {
  id: "chat",
  family: "openai",
  path: "/v1/chat",
  method: "POST",
  operation: "chat",
  parse,
  errorBody: ({ status, message }) => Buffer.from(JSON.stringify({ error: { status, message } })),
  errorEvent: ({ message }) => Buffer.from(`data: ${JSON.stringify({ error: message })}\n\n`),
  conversation: {
    decode: ({ model, stream, body }) => ({
      model,
      stream,
      system: [],
      tools: [],
      vendor: {},
      turns: [{ role: "user", content: [{ type: "text", text: (body as FakeBody).text ?? "" }] }],
    }),
    encoder: (_request, options) => encoder(options.stream),
  },
};

/** A wire format of one JSON per line, each an event of the internal form. */
function decoder(): Transducer<Buffer, ConversationEvent> {
  let held = "";
  return {
    push(chunk) {
      held += chunk.toString("latin1");
      const lines = held.split("\n");
      held = lines.pop() ?? "";
      return lines.map(read);
    },
    finish: () => (held === "" ? [] : [read(held)]),
  };
}

function read(line: string): ConversationEvent {
  try {
    return JSON.parse(line) as ConversationEvent;
  } catch {
    throw badUpstream("the provider's answer is not JSON");
  }
}

const conversation: ConversationProvider = {
  encode({ model, stream, turns }, { prefix, version }) {
    if (model === "refused") throw unprocessable("model: this provider has no such thing", "model");
    if (model === "broken") throw new Error("a bug with a secret in its message");
    return {
      path: `/${prefix}/${version ?? "v0"}/models/${model}${stream ? ":stream" : ""}`,
      body: Buffer.from(JSON.stringify({ turns: turns.length, keep: 1 })),
      headers: [["x-fake", stream ? "stream" : "whole"]],
      dropped: model === "dropping" ? ["seed"] : [],
    };
  },
  decoder,
  error: (status, _headers, body) => readError(status, body),
};

const readError = (status: number, body: Buffer) => ({
  status: status === 418 ? 503 : status,
  message: `the provider says: ${body.toString("utf8")}`,
  kind: "server" as const,
  ...(status === 429 ? { retryAfter: 7 } : {}),
});

/** Sums `{"usage": n}` wherever it stands. */
const passthrough: Passthrough = {
  path: ({ prefix }, model) => `/${prefix}/v1/chat?m=${model}`,
  observer() {
    let seen = "";
    return {
      push(chunk) {
        if (chunk.includes("explode")) throw new Error("observer");
        seen += chunk.toString("utf8");
      },
      finish: () => undefined,
      usage() {
        const found = /"total":(\d+)/.exec(seen);
        return found ? { totalTokens: Number(found[1]) } : undefined;
      },
      model: () => (seen === "" ? undefined : "answered"),
    };
  },
  nativeUsage: { json: {}, sse: {} },
  streamUsageOption: true,
};

const meta = (schema: string) => ({ schema, otelName: "fake", defaultPrefix: "fake" });

/** Speaks the endpoint's own protocol. */
export const sameProvider: Provider = {
  meta: meta("Same"),
  passthrough: { chat: passthrough },
  error: (status, _headers, body) => readError(status, body),
};

/** Speaks another one. */
export const otherProvider: Provider = {
  meta: meta("Other"),
  passthrough: {},
  conversation,
  error: (status, _headers, body) => readError(status, body),
};

/** Serves nothing. */
const muteProvider: Provider = {
  meta: meta("Mute"),
  passthrough: {},
  error: (status, _headers, body) => readError(status, body),
};

const fakeRegistries: Registries = {
  endpointById: (id) => (id === "chat" ? fakeEndpoint : undefined),
  whyUnsupported: (endpoint, schema) => `${schema} has no ${endpoint}`,
  providerBySchema: (schema) =>
    [sameProvider, otherProvider, muteProvider].find((provider) => provider.meta.schema === schema),
};

export interface Seen {
  /** What the observer was told, a word per call. */
  told: string[];
}

export function fakeEnvironment(
  overrides: Partial<SessionEnvironment> = {},
): SessionEnvironment & Seen {
  const told: string[] = [];
  const observer: SessionObserver = {
    programRefused: (reason) => void told.push(`program ${reason}`),
    requestRefused: (status) => void told.push(`refused ${status}`),
    fieldsDropped: (_program, fields) => void told.push(`dropped ${fields.join()}`),
    answerFailed: (_program, error) => void told.push(`failed ${(error as Error).message}`),
    usageMissing: () => void told.push("usage missing"),
    costFailed: ({ key }) => void told.push(`cost ${key}`),
    crashed: (error) => void told.push(`crashed ${(error as Error).message}`),
  };
  return {
    programs: new ProgramCache(fakeRegistries),
    observer,
    maxBodyBytes: 4096,
    now: () => 0,
    unixTime: () => 1_700_000_000,
    newId: () => "id",
    told,
    ...overrides,
  };
}

export { fakeRegistries };
