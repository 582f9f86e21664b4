import type { AIServiceBackend } from "../../api/index.ts";
import { shortHash } from "../../lib/hash.ts";
import { CREDENTIAL_HEADER } from "../../program/names.ts";
import {
  type Cost,
  encodeProgram,
  MAX_PROGRAM_BYTES,
  PROGRAM_VERSION,
  type Program,
} from "../../program/program.ts";
import type { Provider } from "../../providers/provider.ts";
import { providerBySchema } from "../../providers/registry.ts";
import { keyOf, namespaceOf } from "../snapshot/snapshot.ts";
import { destinationOf, hostnameOf } from "./addresses.ts";
import { backendKey, bindToDestination } from "./backend-key.ts";
import { credentialOf } from "./credentials.ts";
import type { LaneBackend } from "./lanes.ts";
import {
  type BodyMutation,
  isJson,
  mergeBodyMutations,
  mergeHeaderMutations,
  mutable,
} from "./mutations.ts";
import type { BackendPlan, CredentialPlan } from "./plan.ts";
import type { Locatable, ProblemLog } from "./problem.ts";
import type { BackendRef, ReferenceContext } from "./references.ts";
import { referentOf } from "./referents.ts";

/** A backend of one rule: its plan and what the choice of lanes depends on. */
export interface ResolvedBackend {
  plan: BackendPlan;
  lane: LaneBackend;
  /** Secrets that its credential needs. */
  secrets: [name: string, value: string][];
}

/** What is compiled for a route, besides what its references need. */
export interface BackendContext extends ReferenceContext {
  costs: readonly Cost[];
}

/** Everything about one backendRef; undefined, with a problem, where it cannot be served. */
export function resolveBackend(
  context: BackendContext,
  ruleIndex: number,
  refIndex: number,
  ref: BackendRef,
): ResolvedBackend | undefined {
  const { snapshot, route, costs, log } = context;
  const field = `spec.rules[${ruleIndex}].backendRefs[${refIndex}]`;
  const referent = referentOf(context, field, ref);
  if (referent === undefined) return undefined;
  const { object, schema, destination } = referent;
  const provider = providerOf(object, schema.name, log);
  if (provider === undefined) return undefined;
  const credential = credentialOf(snapshot, object, log);
  if (credential.state === "broken") return undefined;

  const hosts = new Set(destination.addresses.map((address) => address.host));
  const own = credential.state === "ready" ? credential : undefined;
  if (own !== undefined && signs(own.credential) && hosts.size > 1) {
    return log.error(
      object,
      "spec.backendRef",
      "BackendUnsupported",
      "a signature covers one host name; give the Backend endpoints of one name",
    );
  }

  reportFixedHeaders(route, `${field}.headerMutation`, ref.headerMutation, log);
  reportFixedHeaders(object, "spec.headerMutation", referent.headerMutation, log);
  reportTexts(route, `${field}.bodyMutation`, ref.bodyMutation, log);
  reportTexts(object, "spec.bodyMutation", referent.bodyMutation, log);
  const headers = mergeHeaderMutations(referent.headerMutation, ref.headerMutation);
  const body = mergeBodyMutations(referent.bodyMutation, ref.bodyMutation);
  const prefix = trimSlashes(schema.prefix) ?? own?.pathPrefix;
  const version = schema.version || undefined;
  const [address] = destination.addresses;
  const signing = own && address && signingOf(own.credential, hostnameOf(address));
  const name = keyOf(object.metadata);
  const lane: LaneBackend = {
    name,
    schema: schema.name,
    bodyMutated: body !== undefined,
    signed: signing !== undefined,
    ...(prefix === undefined ? {} : { prefix }),
    ...(version === undefined ? {} : { version }),
    ...(ref.modelNameOverride ? { modelOverride: ref.modelNameOverride } : {}),
  };
  const program = encodeProgram({
    v: PROGRAM_VERSION,
    route: keyOf(route.metadata),
    backend: name,
    schema: schema.name,
    prefix,
    version,
    model: lane.modelOverride,
    body,
    costs: costs.length > 0 ? [...costs] : undefined,
    sign: signing,
  });
  if (program.length > MAX_PROGRAM_BYTES) {
    return log.error(
      route,
      field,
      "ProgramTooLarge",
      `mutations and costs of this backend take ${program.length} bytes, more than ${MAX_PROGRAM_BYTES}; shorten them`,
    );
  }
  const destinationHash = shortHash(
    JSON.stringify(destination.addresses),
    destination.tls?.sni ?? "",
  );
  const bound = own && bindToDestination(own, destinationHash);
  const plan: BackendPlan = {
    key: backendKey(route, ruleIndex, refIndex, name, destination, own?.credential),
    name,
    origin: { ...destination.origin, position: refIndex },
    schema: schema.name,
    provider: provider.meta.otelName,
    weight: ref.weight ?? 1,
    priority: ref.priority ?? 0,
    addresses: destination.addresses,
    http2: destination.http2,
    headers: { ...headers, defaults: defaultHeaders(provider.passthrough) },
    program,
    ...(lane.modelOverride === undefined ? {} : { modelOverride: lane.modelOverride }),
    ...(referent.pool === undefined ? {} : { pool: referent.pool }),
    ...(destination.tls === undefined ? {} : { tls: destination.tls }),
    ...(bound === undefined ? {} : { credential: bound.credential }),
  };
  return { plan, lane, secrets: bound?.secrets ?? [] };
}

const signs = (credential: CredentialPlan): boolean =>
  credential.kind === "aws-sigv4" || (credential.kind === "brought" && "region" in credential.as);

/** How ext_proc signs with keys that requests bring along: Envoy signs with configured ones alone. */
function signingOf(credential: CredentialPlan, host: string): Program["sign"] {
  if (credential.kind !== "brought" || !("region" in credential.as)) return undefined;
  const { source, as } = credential;
  const keys = "headers" in source ? [...source.headers] : [CREDENTIAL_HEADER];
  return { ...as, host, keys };
}

const providerOf = (object: Locatable, schema: string, log: ProblemLog): Provider | undefined =>
  providerBySchema(schema) ??
  log.error(
    object,
    "spec.schema.name",
    "BackendUnsupported",
    `schema ${schema} is not served by this version`,
  );

/**
 * What is wrong with a backend that no route refers to yet: it is told before one does. Namespaces
 * of routes are not known then; its own stands for them.
 */
export function checkBackend(
  service: AIServiceBackend,
  context: Pick<BackendContext, "snapshot" | "options" | "log">,
): void {
  providerOf(service, service.spec.schema.name, context.log);
  destinationOf({ ...context, routeNamespace: namespaceOf(service.metadata) }, service);
  credentialOf(context.snapshot, service, context.log);
}

function reportFixedHeaders(
  on: Locatable,
  field: string,
  mutation: { set?: { name: string }[] | undefined; remove?: string[] | undefined } | undefined,
  log: ProblemLog,
): void {
  const names = [...(mutation?.set ?? []).map((h) => h.name), ...(mutation?.remove ?? [])];
  for (const name of names.filter((n) => !mutable(n))) {
    log.warn(
      on,
      field,
      "InvalidMutation",
      `header ${name} cannot be changed; the entry is ignored`,
    );
  }
}

/** A forgotten pair of quotes and a slip in an object look alike: both are told. */
function reportTexts(
  on: Locatable,
  field: string,
  mutation: BodyMutation | undefined,
  log: ProblemLog,
): void {
  for (const { path, value } of mutation?.set ?? []) {
    if (isJson(value)) continue;
    log.warn(
      on,
      `${field}.set`,
      "InvalidMutation",
      `the value of ${path} is no JSON and is sent as the text that it is; if that is meant, write it in double quotes`,
    );
  }
}

function defaultHeaders(
  passthrough: Readonly<Record<string, { defaultHeaders?: Readonly<Record<string, string>> }>>,
): [string, string][] {
  const all = Object.values(passthrough).flatMap((p) => Object.entries(p.defaultHeaders ?? {}));
  return [...new Map(all)].sort(([a], [b]) => (a < b ? -1 : 1));
}

function trimSlashes(prefix: string | undefined): string | undefined {
  if (prefix === undefined) return undefined;
  return prefix.replace(/^\/+|\/+$/g, "");
}
