import type * as pulumi from "@pulumi/pulumi";
import type { ObjectReference } from "../args/references.ts";
import type { ObjectPatch } from "../args/settings.generated.ts";
import type { ComponentName } from "../inputs/args.ts";
import { type Accepted, accept, type Judge } from "./accept.ts";
import { patchFindings } from "./gateway-inputs.ts";
import { settledOutput } from "./inputs.ts";
import { type Created, createObjects, referencesTo } from "./kubernetes.ts";
import type { ObjectTemplate, Place } from "./objects/object.ts";

/** The package's name, which the tokens of its components begin with. */
export const token = (component: ComponentName): string => `envoy-ai-gateway:index:${component}`;

interface Placed {
  namespace?: pulumi.Input<string>;
  objectName?: string;
  patches?: ObjectPatch[];
}

/** Where a component's objects go. */
export const placeOf = (name: string, args: Placed): Place => ({
  name: args.objectName ?? name,
  namespace: args.namespace ?? "default",
});

/**
 * What the components that are a few objects have in common: inputs are judged, and the objects
 * that they come to are registered as children.
 */
export function composeObjects<A extends Placed>(
  component: pulumi.ComponentResource,
  kind: ComponentName,
  name: string,
  args: A,
  opts: pulumi.ComponentResourceOptions | undefined,
  build: (place: Place, inputs: A) => ObjectTemplate[],
  judge?: Judge<A>,
): Accepted<A> & {
  place: Place;
  children: Created[];
  objects: pulumi.Output<ObjectReference[]>;
} {
  const judgeAll: Judge<A> = (inputs) => {
    const judged = judge?.(inputs) ?? { errors: [], warnings: [] };
    const stray = patchFindings(inputs.patches, build(placeOf(name, inputs), inputs));
    return { ...judged, errors: [...judged.errors, ...stray] };
  };
  const accepted = accept(component, kind, name, args, opts, judgeAll);
  const place = placeOf(name, accepted.inputs);
  const children = createObjects(build(place, accepted.inputs), {
    parent: component,
    name,
    patches: accepted.inputs.patches,
    dependsOn: accepted.checked,
  });
  return { ...accepted, place, children, objects: referencesTo(children) };
}

/**
 * Outputs for `registerOutputs`. Where an object that they come from was refused, its own error tells
 * why: nothing is registered then, or the same would be told again in worse words.
 */
export async function unlessRefused(
  outputs: Record<string, pulumi.Output<unknown>>,
): Promise<Record<string, pulumi.Output<unknown>>> {
  try {
    await Promise.all(Object.values(outputs).map(settledOutput));
    return outputs;
  } catch {
    return {};
  }
}
