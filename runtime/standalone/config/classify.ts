import { kinds, type Problem, validateResource } from "../../api/index.ts";
import { prune } from "../../api/prune.ts";
import { wording, written } from "../../api/validate.ts";
import { type ForeignKind, foreignKinds, isWithoutEffect } from "./foreign.ts";
import type { Resource } from "./loaded.ts";
import type { Path } from "./parse.ts";
import { groupOf, unservedKind } from "./unserved.ts";

/** What one object comes to. Paths are as written in messages: `spec.rules[0].name`. */
export interface Classified {
  /** Absent where the object is wrong, or of a kind that is not served. */
  resource?: Resource;
  errors: Problem[];
  warnings: Problem[];
  /** What is not served: fields, or the whole object with an empty path. The message goes on from the path. */
  unserved: Problem[];
}

/** The least that an object must be to be looked at. */
export interface Identified {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** The port that `aigw run` serves where no other is asked for. */
const DEFAULT_PORT = 1975;
const NOT_SERVED = "is not served in standalone mode";
const UNSERVED_OWN: ReadonlySet<string> = new Set(["MCPRoute", "QuotaPolicy"]);

/** What keeps an object from being looked at, or undefined. */
export function missingIdentity(object: unknown): Problem | undefined {
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isRecord(object)) {
    return { path: "", message: "not a resource: apiVersion, kind and metadata are needed" };
  }
  for (const field of ["apiVersion", "kind"]) {
    if (typeof object[field] !== "string") return { path: field, message: "is required, as text" };
  }
  // Lists have no names, and are told of as a kind.
  if (object.kind === "List") return undefined;
  const { metadata } = object;
  if (!isRecord(metadata) || typeof metadata.name !== "string") {
    return { path: "metadata.name", message: "is required, as text" };
  }
  if (metadata.namespace !== undefined && typeof metadata.namespace !== "string") {
    return { path: "metadata.namespace", message: "must be text; put it in quotes" };
  }
  return undefined;
}

/** Judges one object. Pure. */
export function classify(object: Identified): Classified {
  const { apiVersion, kind } = object;
  if (Object.hasOwn(kinds, kind)) return own(object);
  if (Object.hasOwn(foreignKinds, kind)) {
    const name = kind as ForeignKind;
    if (foreignKinds[name].group === groupOf(apiVersion)) return foreign(object, name);
  }
  const message = unservedKind(apiVersion, kind);
  return {
    errors: [],
    warnings: [],
    unserved: message === undefined ? [] : [{ path: "", message }],
  };
}

function own(object: Identified): Classified {
  const validation = validateResource(object);
  const { warnings } = validation;
  if (!validation.ok) return { errors: validation.problems, warnings, unserved: [] };
  const { resource } = validation;
  if (UNSERVED_OWN.has(resource.kind)) {
    const message = unservedKind(resource.apiVersion, resource.kind) ?? NOT_SERVED;
    return { errors: [], warnings, unserved: [{ path: "", message }] };
  }
  return { resource, errors: [], warnings, unserved: unservedOfOwn(resource) };
}

/** Settings of a gateway that need a cluster's pods. */
function unservedOfOwn(resource: Resource): Problem[] {
  if (resource.kind !== "GatewayConfig") return [];
  return (["extProc", "forwardProxy"] as const)
    .filter((field) => resource.spec[field] !== undefined)
    .map((field) => ({ path: `spec.${field}`, message: NOT_SERVED }));
}

function foreign(object: Identified, kind: ForeignKind): Classified {
  const { schema } = foreignKinds[kind];
  const { value, unknown } = prune(schema, object);
  const unserved = unknown
    .filter((path) => !isWithoutEffect(kind, path, valueAt(object, path)))
    .map((path) => ({ path: written(path), message: NOT_SERVED }));
  const parsed = schema.safeParse(value, { error: wording });
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({
      path: written(path as Path),
      message,
    }));
    return { errors, warnings: [], unserved };
  }
  const resource: Resource = parsed.data;
  return { resource, errors: [], warnings: [], unserved, ...listeners(resource, unserved) };
}

/** Standalone mode has one listener: plain HTTP on the port that aigw was given. */
function listeners(resource: Resource, unserved: Problem[]): Partial<Classified> {
  if (resource.kind !== "Gateway") return {};
  const all = resource.spec.listeners.map((listener, index) => ({
    listener,
    path: `spec.listeners[${index}]`,
  }));
  const http = all.filter(({ listener }) => listener.protocol === "HTTP");
  const others = all.filter(({ listener }) => listener.protocol !== "HTTP");
  const elsewhere = http.find(({ listener }) => listener.port !== DEFAULT_PORT);
  return {
    resource: {
      ...resource,
      spec: { ...resource.spec, listeners: http.map(({ listener }) => listener) },
    },
    warnings:
      elsewhere === undefined
        ? []
        : [
            {
              path: `${elsewhere.path}.port`,
              message: `aigw listens on the port it is given (--port, ${DEFAULT_PORT} by default), not on ${elsewhere.listener.port}`,
            },
          ],
    unserved: [
      // One message tells all about a listener that is not served at all.
      ...unserved.filter(({ path }) => !others.some((other) => path.startsWith(`${other.path}.`))),
      ...others.map(({ listener, path }) => ({
        path,
        message: `${NOT_SERVED}: its protocol is ${listener.protocol}, and aigw listens with plain HTTP alone`,
      })),
    ],
  };
}

function valueAt(object: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
    object,
  );
}
