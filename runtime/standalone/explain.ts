import { hostnameOf } from "../controller/compile/addresses.ts";
import { partFor } from "../controller/compile/narrowed.ts";
import type {
  BackendPlan,
  ConfiguredCredential,
  GatewayPlan,
  HeaderEdit,
  RulePlan,
} from "../controller/compile/plan.ts";
import { alternativesFor, chooseAlternative, tableOf } from "../controller/compile/precedence.ts";
import type { Endpoint } from "../endpoints/endpoint.ts";
import { matchPath } from "../endpoints/path-models.ts";
import type { Prefixes } from "../endpoints/prefixes.ts";
import { endpoints } from "../endpoints/registry.ts";
import { startExchange } from "../ext_proc/pipeline/start.ts";
import { registries } from "../ext_proc/registries.ts";
import { ProgramCache } from "../ext_proc/session/programs.ts";
import { UserError } from "../lib/errors.ts";
import { spliceObject } from "../lib/json-splice.ts";
import { editForm, scanForm } from "../lib/multipart.ts";
import { MODEL_HEADER } from "../program/names.ts";
import { whyUnsupported } from "../providers/registry.ts";

export interface ExplainedRequest {
  path: string;
  host: string;
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

/** How a request would go. Nothing is sent, and no credential is shown. */
export type Explanation =
  | { ok: false; status: number; message: string }
  | {
      ok: true;
      endpoint: string;
      model: string;
      /** The table of hostnames that was used; `*` is the rest. */
      host: string;
      route: string;
      rule: string;
      lane: "native" | "translated";
      why: string;
      /** In the order in which they are tried. */
      backends: ExplainedBackend[];
    };

export interface ExplainedBackend {
  name: string;
  schema: string;
  priority: number;
  weight: number;
  /** What this backend would be sent, or why nothing. */
  upstream:
    | {
        method: "POST";
        url: string;
        headers: [string, string][];
        credential: string;
        body: string;
        dropped: string[];
      }
    | { refused: { status: number; message: string } };
}

/** Pure: the plan's own precedence and ext_proc's own pipeline, asked instead of run. */
export function explain(
  gateway: GatewayPlan,
  prefixes: Prefixes,
  request: ExplainedRequest,
): Explanation {
  const barePath = request.path.split("?")[0] ?? request.path;
  const [found] = endpoints.flatMap((endpoint) => {
    const match = endpoint.method === "POST" ? matchPath(endpoint, prefixes, barePath) : undefined;
    return match === undefined ? [] : [{ endpoint, match }];
  });
  if (found === undefined) return { ok: false, status: 404, message: "this path is not served" };
  const { endpoint, match } = found;
  let parsed: ReturnType<Endpoint["parse"]>;
  try {
    parsed = endpoint.parse(request.body, {
      contentType: contentTypeOf(request),
      path: request.path,
      ...match,
    });
  } catch (error) {
    return refusal(error);
  }
  const { model, stream, body } = parsed;
  const host = tableOf(gateway, request.host);
  const headers = new Map([...request.headers, [MODEL_HEADER, model]]);
  const rule = chooseAlternative(alternativesFor(gateway, host), headers)?.rule;
  if (rule === undefined) {
    return {
      ok: false,
      status: 404,
      message: `the model "${model}" does not exist or is not routed`,
    };
  }
  const part = partFor(rule, endpoint.id);
  const plan = part?.endpoints[endpoint.id];
  if (part === undefined || plan === undefined) {
    const schemas = [...new Set(rule.backends.map(({ schema }) => schema))];
    const why =
      rule.backends.length === 0
        ? "no backend of its route is ready"
        : `it is not served on this endpoint: ${schemas.map((schema) => whyUnsupported(endpoint.id, schema)).join(", ")}`;
    return {
      ok: false,
      status: rule.backends.length === 0 ? 503 : 404,
      message: `the model "${model}": ${why}`,
    };
  }
  const asksUsage =
    (body as { stream_options?: { include_usage?: unknown } }).stream_options?.include_usage ===
    true;
  const unasked = plan.streamUsage === true && stream && !asksUsage;
  const lane = unasked ? "translated" : plan.lane;
  return {
    ok: true,
    endpoint: endpoint.id,
    model,
    host,
    route: rule.route,
    rule: rule.ruleName ?? rule.id,
    lane,
    why: reason(unasked, plan.reason),
    backends: inOrder(part).map((backend) => ({
      name: backend.name,
      schema: backend.schema,
      priority: backend.priority,
      weight: backend.weight,
      upstream:
        lane === "native"
          ? native(backend, endpoint, plan.edit ?? {}, request)
          : translated(backend, endpoint, model, request),
    })),
  };
}

function reason(unasked: boolean, why: string | undefined): string {
  if (unasked) return "costs need the usage of a stream that does not ask for it";
  return why ?? "every backend speaks the client's protocol";
}

const inOrder = (rule: RulePlan): BackendPlan[] =>
  [...rule.backends].sort((a, b) => a.priority - b.priority || b.weight - a.weight);

type Upstream = ExplainedBackend["upstream"];

function native(
  backend: BackendPlan,
  endpoint: Endpoint,
  edit: { model?: string; path?: string },
  request: ExplainedRequest,
): Upstream {
  const query = request.path.indexOf("?");
  const path =
    edit.path === undefined
      ? request.path
      : edit.path + (query < 0 ? "" : request.path.slice(query));
  const body = edit.model === undefined ? request.body : withModel(endpoint, edit.model, request);
  return sent(backend, path, [], body, [], request);
}

const contentTypeOf = (request: ExplainedRequest): string | undefined =>
  headerOf(request, "content-type");

const headerOf = ({ headers }: ExplainedRequest, wanted: string): string | undefined =>
  headers.get(wanted);

function withModel({ modelIn }: Endpoint, model: string, request: ExplainedRequest): Buffer {
  if (modelIn === "form") {
    return editForm(scanForm(request.body, contentTypeOf(request)), new Map([["model", model]]));
  }
  return spliceObject(request.body, new Map([["model", JSON.stringify(model)]]));
}

function translated(
  backend: BackendPlan,
  endpoint: Endpoint,
  model: string,
  request: ExplainedRequest,
): Upstream {
  const loaded = new ProgramCache(registries).get(backend.program);
  const lane = loaded.ok ? loaded.program.lane(endpoint) : undefined;
  if (lane === undefined) {
    return { refused: { status: 422, message: `${backend.schema} cannot serve ${endpoint.id}` } };
  }
  try {
    const contentType = contentTypeOf(request);
    const exchange = startExchange(lane, {
      path: request.path,
      model,
      body: request.body,
      contentType,
      headers: (name) => headerOf(request, name),
    });
    return sent(
      backend,
      exchange.path,
      exchange.headers.map(([name, value]) => [name, value]),
      exchange.body ?? request.body,
      [...exchange.dropped],
      request,
    );
  } catch (error) {
    const { status, message } = refusal(error);
    return { refused: { status, message } };
  }
}

function sent(
  backend: BackendPlan,
  path: string,
  headers: [string, string][],
  body: Buffer,
  dropped: string[],
  request: ExplainedRequest,
): Upstream {
  const [address] = backend.addresses;
  const host = address === undefined ? "?" : hostnameOf(address);
  return {
    method: "POST",
    url: `${backend.tls ? "https" : "http"}://${host}:${address?.port}${path}`,
    headers: edited([...request.headers], headers, backend.headers),
    credential: credentialOf(backend),
    body: body.toString("utf8"),
    dropped,
  };
}

function edited(
  client: [string, string][],
  translated: [string, string][],
  edit: HeaderEdit,
): [string, string][] {
  const headers = new Map([["content-type", "application/json"], ...client, ...translated]);
  for (const name of edit.remove) headers.delete(name);
  for (const [name, value] of edit.set) headers.set(name, value);
  for (const [name, value] of edit.defaults) if (!headers.has(name)) headers.set(name, value);
  return [...headers];
}

function credentialOf({ credential }: BackendPlan): string {
  if (credential === undefined) return "none: the client's own headers pass";
  if (credential.kind !== "brought") return configured(credential);
  const { source, otherwise } = credential;
  const from =
    "headers" in source ? source.headers.join(", ") : `metadata ${source.namespace} ${source.key}`;
  const else_ = otherwise === undefined ? "none, which is refused with 401" : configured(otherwise);
  return `the request's own, from ${from}; else ${else_}`;
}

const configured = (credential: ConfiguredCredential): string =>
  credential.kind === "header"
    ? `header ${credential.header} from secret ${credential.secretName}`
    : `AWS signature, region ${credential.region}, service ${credential.service}`;

function refusal(error: unknown): { ok: false; status: number; message: string } {
  if (error instanceof UserError) {
    return { ok: false, status: error.status, message: error.message };
  }
  throw error;
}
