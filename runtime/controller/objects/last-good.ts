import { type AIGatewayRoute, validateResource } from "../../api/index.ts";
import type { ObjectMeta } from "../snapshot/foreign.ts";
import { LAST_GOOD_ANNOTATION } from "./names.ts";

/** All annotations of an object together have 256 KiB. */
const MAX_CHARACTERS = 128 * 1024;

/**
 * Keeps the version of a route that is served where its newest is bad, so that every replica, and the
 * next one too, serves the same. Routes too large for an annotation are not kept.
 */
export function lastGoodAnnotation(
  served: AIGatewayRoute,
  newest: AIGatewayRoute | undefined,
): Record<string, string> {
  const { generation } = served.metadata;
  if (newest === undefined || newest.metadata.generation === generation) return {};
  const text = JSON.stringify({ apiVersion: served.apiVersion, generation, spec: served.spec });
  return text.length > MAX_CHARACTERS ? {} : { [LAST_GOOD_ANNOTATION]: text };
}

interface HttpRouteMeta extends ObjectMeta {
  ownerReferences?: { kind: string; name: string; uid: string }[] | undefined;
}

/** The version of its route that an HTTPRoute keeps; undefined where it keeps none, or none that is valid. */
export function rememberedRoute({
  metadata,
}: {
  metadata: HttpRouteMeta;
}): AIGatewayRoute | undefined {
  const text = metadata.annotations?.[LAST_GOOD_ANNOTATION];
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === "AIGatewayRoute");
  if (text === undefined || owner === undefined) return undefined;
  const kept = parse(text);
  const validation = validateResource({
    apiVersion: kept.apiVersion,
    kind: "AIGatewayRoute",
    metadata: {
      name: owner.name,
      namespace: metadata.namespace,
      uid: owner.uid,
      generation: kept.generation,
    },
    spec: kept.spec,
  });
  return validation.ok && validation.resource.kind === "AIGatewayRoute"
    ? validation.resource
    : undefined;
}

function parse(text: string): { apiVersion?: unknown; generation?: unknown; spec?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
