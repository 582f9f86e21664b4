import * as pulumi from "@pulumi/pulumi";
import { GROUP, type KindName, kinds } from "../../runtime/api/index.ts";
import type { ObjectMetadata } from "../args/settings.generated.ts";
import { accept } from "./accept.ts";
import { compact } from "./inputs.ts";
import { createObject } from "./kubernetes.ts";

/** Registers an object of a kind as the child of its component. */
export function kindObject(
  component: pulumi.ComponentResource,
  kind: KindName,
  name: string,
  args: { metadata?: ObjectMetadata; spec?: pulumi.Input<unknown> },
  opts: pulumi.ComponentResourceOptions | undefined,
): { objectName: pulumi.Output<string>; namespace: pulumi.Output<string> } {
  const { inputs, checked } = accept(component, `${kind}Object`, name, args, opts);
  const {
    name: objectName = name,
    namespace = "default",
    labels,
    annotations,
  } = inputs.metadata ?? {};
  createObject(
    name,
    {
      apiVersion: `${GROUP}/${kinds[kind].versions[0].name}`,
      kind,
      // A later name is as good as a plain one here: nothing else is named after it.
      metadata: compact({ name: objectName as string, namespace, labels, annotations }),
      spec: args.spec ?? {},
    } as never,
    { parent: component, dependsOn: checked },
  );
  return { objectName: pulumi.output(objectName), namespace: pulumi.output(namespace) };
}
