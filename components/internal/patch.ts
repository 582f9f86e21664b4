import type * as pulumi from "@pulumi/pulumi";
import type { ObjectPatch } from "../args/settings.generated.ts";
import { derive, isLater } from "./inputs.ts";
import type { ObjectTemplate } from "./objects/object.ts";

/** The objects after the user's patches. Patches that meet none are told of before (`patchFindings`). */
export function patched(
  objects: readonly ObjectTemplate[],
  patches: readonly ObjectPatch[],
): ObjectTemplate[] {
  return objects.map((object) =>
    patches
      .filter((patch) => meets(patch, object))
      .reduce((target, { patch }) => merge(target, patch) as ObjectTemplate, object),
  );
}

export const meets = (patch: ObjectPatch, object: ObjectTemplate): boolean =>
  patch.kind === object.kind && (patch.name === undefined || patch.name === object.metadata.name);

/** JSON merge patch, RFC 7386. A part of it that comes later is merged then. */
export function merge(target: unknown, patch: unknown): unknown {
  if (isLater(patch)) return derive([target as pulumi.Input<unknown>, patch], merge);
  if (!isPlainObject(patch)) return patch;
  const merged: Record<string, unknown> = isPlainObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = merge(merged[name], value);
  }
  return merged;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
