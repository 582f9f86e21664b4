import * as pulumi from "@pulumi/pulumi";
import { SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import type { ControlPlaneArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { accept } from "../internal/accept.ts";
import { token } from "../internal/component.ts";
import { imageOf } from "../internal/image.ts";
import { type Created, createObjects, referencesTo } from "../internal/kubernetes.ts";
import { judgeImage } from "../internal/lone-inputs.ts";
import { controlPlaneObjects } from "../internal/objects/install.ts";

/** The controller, the definitions of its kinds, and the external processor: once for a cluster. */
export class ControlPlane extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  readonly namespace: pulumi.Output<string>;
  /** The image that its pods run; with its digest where it was built here, empty where it is not known. */
  readonly image: pulumi.Output<string>;
  /** All objects that it made. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: ControlPlaneArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(token("ControlPlane"), name, {}, opts);
    const { inputs, checked } = accept(this, "ControlPlane", name, args, opts, judgeImage);
    const created: Created[] = [];
    let image = inputs.image;
    if (inputs.install !== false) {
      image = imageOf(inputs, name, { parent: this, dependsOn: checked });
      const settings = { ...inputs, ...(image === undefined ? {} : { image }) };
      const objects = controlPlaneObjects(settings, inputs.envoyGatewayNamespace);
      const made = createObjects(objects, {
        parent: this,
        name,
        patches: inputs.patches,
        dependsOn: checked,
        optionsOf: ({ kind }) =>
          kind === "CustomResourceDefinition"
            ? { retainOnDelete: inputs.retainCrds !== false }
            : {},
      });
      created.push(...made);
    }
    this.namespace = pulumi.output(inputs.namespace ?? SYSTEM_NAMESPACE);
    this.image = pulumi.output(image ?? "");
    this.objects = referencesTo(created);
    this.registerOutputs({ namespace: this.namespace, image: this.image, objects: this.objects });
  }
}
