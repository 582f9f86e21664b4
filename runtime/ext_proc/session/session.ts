import type { HeaderLookup } from "../../conversation/codec.ts";
import type { Endpoint } from "../../endpoints/endpoint.ts";
import { UserError, unprocessable, unsupported } from "../../lib/errors.ts";
import { ENDPOINT_HEADER, MODEL_HEADER, ORIGINAL_PATH_HEADER } from "../../program/names.ts";
import type { Exchange } from "../pipeline/exchange.ts";
import { clientErrorOf } from "../pipeline/failure.ts";
import type { Lane } from "../pipeline/lane.ts";
import { AttemptMetadata, estimateTokens, SHAPED } from "../pipeline/metadata.ts";
import { signatureOf } from "../pipeline/sign.ts";
import { startExchange } from "../pipeline/start.ts";
import { BodyMode, type ProcessingEvent, type ProcessingRequest } from "../wire/request.ts";
import type { ProcessingResponse } from "../wire/response.ts";
import { AnswerSession } from "./answer.ts";
import type { Answers, SessionEnvironment } from "./environment.ts";
import { plainErrorBody } from "./error-body.ts";

/** Request headers by which the gateway itself tells what a request is about. */
export const HEADERS = {
  /** Endpoint id. */
  endpoint: ENDPOINT_HEADER,
  /** The model that the client asked for. */
  model: MODEL_HEADER,
  /** The client's path with its query; `:path` may be that of an earlier attempt. */
  originalPath: ORIGINAL_PATH_HEADER,
} as const;

const NOTHING: readonly ProcessingResponse[] = [];
const NO_BYTES = Buffer.alloc(0);
const NO_HEADERS: HeaderLookup = () => undefined;

/**
 * One ext_proc stream: one attempt of one request at one backend, from the request's headers to the
 * end of the answer. A pure state machine: messages in, messages out.
 */
export class Session {
  readonly #programText: string | undefined;
  readonly #env: SessionEnvironment;
  readonly #startedAt: number;
  #requestBodyMode: number = BodyMode.buffered;
  #responseBodyMode: number = BodyMode.fullDuplex;
  #headers = NO_HEADERS;
  #endpoint: Endpoint | undefined;
  #attempt: { lane: Lane; exchange: Exchange; metadata: AttemptMetadata } | undefined;
  #answer: AnswerSession | undefined;
  /** The gateway has answered itself; Envoy has nothing more to say. */
  #closed = false;

  /** `programText`: the program as the stream's initial metadata carries it. */
  constructor(programText: string | undefined, env: SessionEnvironment) {
    this.#programText = programText;
    this.#env = env;
    this.#startedAt = env.now();
  }

  /** Never throws, and never rejects. */
  handle(message: ProcessingRequest): Answers {
    if (message.bodyModes !== undefined) {
      this.#requestBodyMode = message.bodyModes.request;
      this.#responseBodyMode = message.bodyModes.response;
    }
    const { event } = message;
    if (event === undefined || message.observabilityMode || this.#closed) return NOTHING;
    try {
      const answers = this.#on(event);
      return answers instanceof Promise
        ? answers.catch((error: unknown) => this.#refuse(error))
        : answers;
    } catch (error) {
      return this.#refuse(error);
    }
  }

  /** Answers a message that is too large to be read. */
  refuseTooLarge(): readonly ProcessingResponse[] {
    return this.#refuse(tooLarge(this.#env.maxBodyBytes));
  }

  /** The stream is over, whether it came to its end or not. */
  close(): void {
    this.#closed = true;
    this.#answer?.close();
  }

  #on(event: ProcessingEvent): Answers {
    switch (event.kind) {
      case "request-headers":
        return this.#requestHeaders(event.headers, event.endOfStream);
      case "request-body":
        if (!event.endOfStream) throw new Error(UNSUPPORTED_MODE);
        return [this.#send("request-body", event.body)];
      case "request-trailers":
        return [{ answer: { kind: "request-trailers" } }];
      case "response-headers":
        return this.#responseHeaders(event.headers, event.endOfStream);
      case "response-body":
        return this.#answer?.body(event.body, event.endOfStream) ?? NOTHING;
      case "response-trailers":
        return this.#answer?.trailers() ?? [{ answer: { kind: "response-trailers" } }];
    }
  }

  #requestHeaders(headers: HeaderLookup, endOfStream: boolean): Answers {
    this.#headers = headers;
    this.#endpoint = this.#env.programs.registries.endpointById(headers(HEADERS.endpoint) ?? "");
    if (endOfStream) return [this.#send("request-headers", NO_BYTES)];
    if (this.#requestBodyMode === BodyMode.none) return [this.#send("request-headers", undefined)];
    return [{ answer: { kind: "request-headers" } }];
  }

  /** `raw` is undefined where Envoy keeps the body to itself. */
  #send(kind: "request-headers" | "request-body", raw: Buffer | undefined): ProcessingResponse {
    const lane = this.#lane();
    if (raw !== undefined && raw.length > this.#env.maxBodyBytes) {
      return this.#refuseOne(tooLarge(this.#env.maxBodyBytes));
    }
    const model = utf8(this.#headers(HEADERS.model));
    const exchange = startExchange(lane, {
      path: this.#headers(HEADERS.originalPath) ?? this.#headers(":path") ?? "",
      model: model ?? "",
      body: raw,
      contentType: this.#headers("content-type"),
      headers: this.#headers,
    });
    if (!PATH.test(exchange.path)) throw unsendableModel();
    const { observer } = this.#env;
    const facts = {
      reporting: lane.endpoint.usage ?? "always",
      originalModel: model ?? exchange.model,
      model: exchange.model,
      inputEstimate: estimateTokens(raw?.length ?? 0),
    };
    const metadata = new AttemptMetadata(lane.program, facts, observer.costFailed);
    this.#attempt = { lane, exchange, metadata };
    if (exchange.dropped.length > 0) observer.fieldsDropped(lane.program, exchange.dropped);
    const { body, path } = exchange;
    const { sign } = lane.program;
    const signature =
      sign &&
      signatureOf(
        sign,
        { path, body: body ?? raw ?? NO_BYTES },
        this.#headers,
        this.#env.unixTime(),
      );
    const set: (readonly [string, string])[] = [
      [":path", path],
      ...exchange.headers,
      ...(signature?.set ?? []),
    ];
    if (body !== undefined || raw !== undefined) {
      // An earlier attempt may have left another length.
      set.push(["content-length", String((body ?? raw ?? NO_BYTES).length)]);
    }
    return {
      answer: {
        kind,
        headers: { set, remove: [...ACCEPT_ENCODING, ...(signature?.remove ?? [])] },
        ...(body === undefined ? {} : { body: { mode: "replace", body } }),
      } as ProcessingResponse["answer"],
      metadata: metadata.request(),
    };
  }

  #lane(): Lane {
    const lookup = this.#env.programs.get(this.#programText);
    if (!lookup.ok) {
      this.#env.observer.programRefused(lookup.reason, lookup.message);
      throw new UserError(500, "internal", `the gateway is misconfigured: ${lookup.message}`);
    }
    const endpoint = this.#endpoint;
    const lane = endpoint && lookup.program.lane(endpoint);
    if (lane !== undefined) return lane;
    const { backend, schema } = lookup.program.program;
    const what = endpoint?.id ?? this.#headers(HEADERS.endpoint) ?? "(none)";
    const message = `the endpoint ${what} cannot be served by backend ${backend}`;
    this.#env.observer.programRefused("unservable", message);
    if (endpoint === undefined) {
      throw new UserError(500, "internal", `the gateway is misconfigured: ${message}`);
    }
    // The compiler has warned of it: other backends of the rule can.
    const why = this.#env.programs.registries.whyUnsupported(what, schema);
    throw unsupported(`a provider of this model cannot serve this endpoint: ${why}`, "model");
  }

  #responseHeaders(headers: HeaderLookup, endOfStream: boolean): Answers {
    const attempt = this.#attempt;
    if (attempt === undefined) return [{ answer: { kind: "response-headers" } }];
    this.#answer = new AnswerSession({
      ...attempt,
      headers,
      bodyMode: this.#responseBodyMode,
      startedAt: this.#startedAt,
      env: this.#env,
    });
    return this.#answer.start(endOfStream);
  }

  #refuse(error: unknown): readonly ProcessingResponse[] {
    return [this.#refuseOne(error)];
  }

  #refuseOne(error: unknown): ProcessingResponse {
    this.#closed = true;
    this.#answer?.close();
    const { observer } = this.#env;
    if (!(error instanceof UserError)) observer.crashed(error);
    const reply = clientErrorOf(error);
    observer.requestRefused(reply.status);
    return {
      answer: {
        kind: "immediate",
        status: reply.status,
        headers: { set: [["content-type", "application/json"]], remove: [] },
        body: this.#endpoint?.errorBody(reply) ?? plainErrorBody(reply),
        details: error instanceof UserError ? `aigw_${error.code}` : "aigw_internal",
      },
      metadata: SHAPED,
    };
  }
}

/** Header values come as bytes, names of models are text. */
const utf8 = (value: string | undefined): string | undefined =>
  value === undefined || ASCII.test(value) ? value : Buffer.from(value, "latin1").toString("utf8");

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is meant
const ASCII = /^[\x00-\x7f]*$/;
/** Bytes that may stand in the path of a request. */
const PATH = /^\/[\x21-\x7e\x80-\xff]*$/;

const unsendableModel = (): UserError =>
  unprocessable("model: this name cannot stand in the path of this provider's API", "model");

const ACCEPT_ENCODING = ["accept-encoding"];
const UNSUPPORTED_MODE = "the request body has to be sent whole (BUFFERED)";

const tooLarge = (limit: number): UserError =>
  new UserError(
    413,
    "payload_too_large",
    `the request body is larger than the ${limit} bytes that this gateway accepts`,
  );
