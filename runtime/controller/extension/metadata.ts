import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Metadata } from "../../../protos/gen/envoy/config/core/v3/base_pb.ts";
import { AGAIN_ANNOTATION, GENERATED_ANNOTATION, REVISION_ANNOTATION } from "../objects/names.ts";

/** Where Envoy Gateway tells which Kubernetes objects a resource came from. */
const NAMESPACE = "envoy-gateway";
/** Envoy Gateway passes on annotations of its own group alone, without the group. */
const withoutGroup = (annotation: string): string => annotation.slice(annotation.indexOf("/") + 1);
const GENERATED = withoutGroup(GENERATED_ANNOTATION);
const REVISION = withoutGroup(REVISION_ANNOTATION);
const AGAIN = withoutGroup(AGAIN_ANNOTATION);

/** A Kubernetes object that an xDS resource came from. */
export interface Source {
  kind: string;
  namespace: string;
  name: string;
  /** The controller wrote it. */
  generated: boolean;
}

/** The object that a resource came from, as its metadata says. */
export function sourceOf(metadata: Metadata | undefined): Source | undefined {
  const [first] = resources(metadata);
  if (first === undefined) return undefined;
  const { kind, namespace, name } = first;
  if (typeof kind !== "string" || typeof namespace !== "string" || typeof name !== "string") {
    return undefined;
  }
  return { kind, namespace, name, generated: annotations(first)?.[GENERATED] === "true" };
}

/** The revision of the plan that the controller wrote with this object, where it carries one. */
export function revisionOf(metadata: Metadata | undefined): string | undefined {
  const [first] = resources(metadata);
  const value = first === undefined ? undefined : annotations(first)?.[REVISION];
  return typeof value === "string" ? value : undefined;
}

/** Takes the revision out: a cluster must not be replaced each time that any plan changes. */
export function dropRevision(metadata: Metadata | undefined): void {
  for (const resource of resources(metadata)) {
    const found = annotations(resource);
    if (found === undefined) continue;
    delete found[REVISION];
    delete found[AGAIN];
  }
}

function resources(metadata: Metadata | undefined): JsonObject[] {
  const list = metadata?.filterMetadata[NAMESPACE]?.resources;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function annotations(resource: JsonObject): JsonObject | undefined {
  return isObject(resource.annotations) ? resource.annotations : undefined;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
