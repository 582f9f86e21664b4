import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { createInterface } from "node:readline";

/** Any Kubernetes object. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** What the API server answers where it refuses. */
export interface Status {
  kind: "Status";
  reason?: string;
  message?: string;
  code?: number;
  details?: { causes?: { reason?: string; message?: string; field?: string }[] };
}

/** A refusal of the API server. */
export class KubeError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message ?? status.reason ?? "refused");
    this.name = "KubeError";
    this.status = status;
  }
}

/** An object as the API server answered it, and what it warned of. */
export interface Answer {
  object: KubeObject;
  warnings: string[];
}

export interface WriteOptions {
  /** Whether to judge alone, without storing. */
  dryRun?: boolean;
  /** Who writes, for server-side apply; `tests` where left out. */
  owner?: string;
}

export interface Connection {
  host: string;
  port: number;
  token: string;
  /** Certificate that the server's own must stem from. */
  ca: string;
}

const TYPE_JSON = "application/json";
const TYPE_APPLY = "application/apply-patch+yaml";

/** A client for tests: the few verbs that they need, over objects of any kind. */
export class KubeClient {
  private readonly connection: Connection;
  private readonly agent: Agent;
  private readonly kinds = new Map<string, Promise<{ plural: string; namespaced: boolean }>>();

  constructor(connection: Connection) {
    this.connection = connection;
    this.agent = new Agent({ ca: connection.ca, keepAlive: true });
  }

  /** A client for the cluster and the user that a kubeconfig as of `startControlPlane` names. */
  static async fromFile(kubeconfig: string): Promise<KubeClient> {
    const { clusters, users } = JSON.parse(await readFile(kubeconfig, "utf8")) as {
      clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
      users: { user: { token: string } }[];
    };
    const { server = "", "certificate-authority-data": ca = "" } = clusters[0]?.cluster ?? {};
    const { hostname, port } = new URL(server);
    return new KubeClient({
      host: hostname,
      port: Number(port),
      token: users[0]?.user.token ?? "",
      ca: Buffer.from(ca, "base64").toString("utf8"),
    });
  }

  /** @throws KubeError where it is refused, as an object that exists already is. */
  async create(object: KubeObject, options: WriteOptions = {}): Promise<Answer> {
    const path = await this.collection(object);
    return this.send("POST", `${path}?${query(options)}`, object, TYPE_JSON);
  }

  /** Server-side apply, which takes over fields that others own. @throws KubeError */
  async apply(object: KubeObject, options: WriteOptions = {}): Promise<Answer> {
    const path = await this.path(object);
    return this.send("PATCH", `${path}?force=true&${query(options)}`, object, TYPE_APPLY);
  }

  /** @throws KubeError where there is none. */
  async get(reference: KubeObject): Promise<KubeObject> {
    return (await this.send("GET", await this.path(reference))).object;
  }

  async delete(reference: KubeObject): Promise<void> {
    await this.send("DELETE", await this.path(reference));
  }

  /**
   * Body of a path such as `/readyz`, and its HTTP status. `form` is a parameter of the media type
   * that is asked for, such as `as=Table;g=meta.k8s.io;v=v1`.
   */
  async raw(method: string, path: string, body?: unknown, type = TYPE_JSON, form?: string) {
    const { host, port, token } = this.connection;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise<{ status: number; body: string; warnings: string[] }>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: form === undefined ? TYPE_JSON : `${TYPE_JSON};${form}`,
        ...(payload === undefined
          ? {}
          : { "content-type": type, "content-length": Buffer.byteLength(payload) }),
      };
      const outgoing = request(
        { agent: this.agent, host, port, method, path, headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks).toString("utf8"),
              warnings: warningsOf(response.rawHeaders),
            }),
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end(payload);
    });
  }

  /** Lines of an answer that goes on, such as a watch, until it ends or `signal` aborts it. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const { host, port, token } = this.connection;
    const headers = { authorization: `Bearer ${token}`, accept: TYPE_JSON };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ agent: this.agent, host, port, path, headers, signal }, resolve)
        .on("error", reject)
        .end();
    });
    yield* createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY });
  }

  close(): void {
    this.agent.destroy();
  }

  private async send(
    method: string,
    path: string,
    body?: unknown,
    type = TYPE_JSON,
  ): Promise<Answer> {
    const answer = await this.raw(method, path, body, type);
    const object = JSON.parse(answer.body) as KubeObject;
    if (answer.status >= 400) throw new KubeError(object as unknown as Status);
    return { object, warnings: answer.warnings };
  }

  private async path(object: KubeObject): Promise<string> {
    return `${await this.collection(object)}/${object.metadata.name}`;
  }

  private async collection({ apiVersion, kind, metadata }: KubeObject): Promise<string> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { plural, namespaced } = await this.discover(root, kind);
    const scope = namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${root}${scope}/${plural}`;
  }

  private discover(root: string, kind: string): Promise<{ plural: string; namespaced: boolean }> {
    const key = `${root} ${kind}`;
    const known = this.kinds.get(key);
    if (known !== undefined) return known;
    const found = this.raw("GET", root).then(({ status, body }) => {
      // A group that is not there at all is told as plain text.
      const { resources = [] } = (status === 200 ? JSON.parse(body) : {}) as {
        resources?: { name: string; kind: string; namespaced: boolean }[];
      };
      const resource = resources.find((each) => each.kind === kind && !each.name.includes("/"));
      if (resource === undefined) {
        throw new Error(`the API server does not serve kind ${kind} under ${root}`);
      }
      return { plural: resource.name, namespaced: resource.namespaced };
    });
    // What is not served yet may be served soon.
    found.catch(() => this.kinds.delete(key));
    this.kinds.set(key, found);
    return found;
  }
}

const query = ({ dryRun = false, owner = "tests" }: WriteOptions): string =>
  `fieldManager=${owner}&fieldValidation=Warn${dryRun ? "&dryRun=All" : ""}`;

/** Texts of `Warning: 299 - "text"` headers. */
function warningsOf(rawHeaders: readonly string[]): string[] {
  const warnings: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() !== "warning") continue;
    const text = /^\d{3} \S+ "(.*)"$/.exec(rawHeaders[i + 1] ?? "")?.[1];
    if (text !== undefined) warnings.push(text.replace(/\\(.)/g, "$1"));
  }
  return warnings;
}
