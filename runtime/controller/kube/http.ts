import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { createInterface } from "node:readline";
import type { KubeConfig } from "@kubernetes/client-node";

/** A refusal of the API server. Its message never holds a value of a Secret: none is ever sent. */
export class KubeError extends Error {
  /** HTTP status: 404 not found, 409 conflict, 410 gone. */
  readonly status: number;
  /** CamelCase: `NotFound`, `Conflict`, `Expired`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = "KubeError";
    this.status = status;
    this.reason = reason;
  }
}

export interface KubeRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with query. */
  path: string;
  body?: unknown;
  /** Of the body; `application/json` where left out. */
  type?: string;
  /** What is asked for; `application/json` where left out. */
  accept?: string;
  signal?: AbortSignal;
}

/** The few verbs of HTTP that the controller needs, with the authentication of a kubeconfig. */
export interface KubeHttp {
  /** The answer's body. @throws {KubeError} where it is refused; else what the connection says. */
  json<T>(request: KubeRequest): Promise<T>;
  /** Lines of an answer that goes on, as they come. @throws as `json` */
  lines(request: KubeRequest): AsyncIterable<string>;
  close(): void;
}

const JSON_TYPE = "application/json";
/** Of a request that is answered at once; watches have none. */
const ANSWER_WITHIN_MS = 30_000;
const PROBE_AFTER_MS = 15_000;

/** Speaks to the API server of a kubeconfig; credentials that rotate on disk are read anew. */
export function createKubeHttp(config: KubeConfig): KubeHttp {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new Error("no cluster: the kubeconfig names none, and this is not a pod of one");
  }
  const base = new URL(cluster.server);
  const connections = createConnections(base.protocol === "http:");

  const open = async (request: KubeRequest): Promise<IncomingMessage> => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
    const { agent, send } = connections(options);
    return new Promise((resolve, reject) => {
      const outgoing = send({
        agent,
        host: base.hostname,
        port: base.port || (base.protocol === "http:" ? 80 : 443),
        method: request.method,
        path: `${base.pathname.replace(/\/$/, "")}${request.path}`,
        auth: options.auth ?? null,
        ...(options.servername === undefined ? {} : { servername: options.servername }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
        headers: {
          ...options.headers,
          accept: request.accept ?? JSON_TYPE,
          "user-agent": "ai-gateway-controller",
          ...(payload === undefined
            ? {}
            : {
                "content-type": request.type ?? JSON_TYPE,
                "content-length": Buffer.byteLength(payload),
              }),
        },
      });
      outgoing.once("error", reject);
      outgoing.once("response", resolve);
      outgoing.end(payload);
    });
  };

  return {
    async json<T>(request: KubeRequest): Promise<T> {
      const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const signal =
        request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
      const response = await open({ ...request, signal });
      const text = await textOf(response);
      refuseErrors(response, text);
      return JSON.parse(text) as T;
    },
    async *lines(request) {
      const response = await open(request);
      if ((response.statusCode ?? 0) >= 400) refuseErrors(response, await textOf(response));
      try {
        for await (const line of createInterface({ input: response })) {
          if (line !== "") yield line;
        }
        if (!response.complete) throw new Error("the API server closed the connection");
      } finally {
        response.destroy();
      }
    },
    close: () => connections.close(),
  };
}

interface Connections {
  (options: RequestOptions): { agent: HttpAgent; send: typeof httpsRequest };
  close(): void;
}

/** One pool of connections, for as long as certificates stay what they are. */
function createConnections(plain: boolean): Connections {
  let known: { key: string; agent: HttpAgent } | undefined;
  const connections = (options: RequestOptions) => {
    const { ca, cert, key, rejectUnauthorized } = options;
    const id = JSON.stringify([ca, cert, key, rejectUnauthorized].map(String));
    if (known?.key !== id) {
      known?.agent.destroy();
      const common = { keepAlive: true, keepAliveMsecs: PROBE_AFTER_MS };
      const agent = plain
        ? new HttpAgent(common)
        : new Agent({
            ...common,
            ca,
            cert,
            key,
            ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
          });
      known = { key: id, agent };
    }
    return {
      agent: known.agent,
      send: (plain ? httpRequest : httpsRequest) as typeof httpsRequest,
    };
  };
  return Object.assign(connections, { close: () => known?.agent.destroy() });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function refuseErrors(response: IncomingMessage, text: string): void {
  const code = response.statusCode ?? 0;
  if (code < 400) return;
  throw kubeErrorOf(text, code);
}

/** From a Status object as text, or from whatever stands there instead. */
export function kubeErrorOf(text: string, code: number): KubeError {
  try {
    const status = JSON.parse(text) as { code?: number; reason?: string; message?: string };
    return new KubeError(
      status.code ?? code,
      status.reason ?? "Unknown",
      status.message ?? `HTTP ${code}`,
    );
  } catch {
    return new KubeError(code, "Unknown", `HTTP ${code}`);
  }
}
