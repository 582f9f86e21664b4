import * as pulumi from "@pulumi/pulumi";
import { EXT_PROC, SYSTEM_NAMESPACE, serviceHost } from "../../runtime/manifests/names.ts";
import type { ExtProcArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { accept } from "../internal/accept.ts";
import { token } from "../internal/component.ts";
import { imageOf } from "../internal/image.ts";
import { createObjects, referencesTo } from "../internal/kubernetes.ts";
import { judgeImage } from "../internal/lone-inputs.ts";
import { extProcObjects } from "../internal/objects/install.ts";

/** The external processor by itself, where the controller is installed by other means. */
export class ExtProc extends pulumi.ComponentResource {
  /** Namespace of its pods. */
  readonly namespace: pulumi.Output<string>;
  /** Name by which Envoys find it within the cluster. */
  readonly host: pulumi.Output<string>;
  /** All objects that it made. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: ExtProcArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("ExtProc"), name, {}, opts);
    const { inputs, checked } = accept(this, "ExtProc", name, args, opts, judgeImage);
    const image = imageOf(inputs, name, { parent: this, dependsOn: checked });
    const settings = { ...inputs, ...(image === undefined ? {} : { image }) };
    const created = createObjects(extProcObjects(settings), {
      parent: this,
      name,
      patches: inputs.patches,
      dependsOn: checked,
    });
    const { namespace = SYSTEM_NAMESPACE } = inputs;
    this.namespace = pulumi.output(namespace);
    this.host = pulumi.output(serviceHost(EXT_PROC, namespace));
    this.objects = referencesTo(created);
    this.registerOutputs({ namespace: this.namespace, host: this.host, objects: this.objects });
  }
}
