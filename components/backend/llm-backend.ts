import * as pulumi from "@pulumi/pulumi";
import type { LlmBackendArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { composeObjects, token } from "../internal/component.ts";
import { judgeBackend } from "../internal/lone-inputs.ts";
import { backendObjects } from "../internal/objects/backend.ts";

/**
 * A provider behind the gateway: an AIServiceBackend with its address, its trust and its credential.
 * Routes name it by `backendName`.
 */
export class LlmBackend extends pulumi.ComponentResource {
  /** Name of the AIServiceBackend. */
  readonly backendName: pulumi.Output<string>;
  /** Namespace of all its objects. */
  readonly namespace: pulumi.Output<string>;
  /** All objects that it made. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: LlmBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("LlmBackend"), name, {}, opts);
    const { place, objects } = composeObjects(
      this,
      "LlmBackend",
      name,
      args,
      opts,
      backendObjects,
      judgeBackend,
    );
    this.backendName = pulumi.output(place.name);
    this.namespace = pulumi.output(place.namespace);
    this.objects = objects;
    this.registerOutputs({ backendName: this.backendName, namespace: this.namespace, objects });
  }
}
