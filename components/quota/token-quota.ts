import * as pulumi from "@pulumi/pulumi";
import type { TokenQuotaArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { composeObjects, token } from "../internal/component.ts";
import { quotaObjects } from "../internal/objects/limits.ts";

/** How much of some AIServiceBackends of the same namespace may be used, whoever asks. */
export class TokenQuota extends pulumi.ComponentResource {
  /** Name of the QuotaPolicy. */
  readonly policyName: pulumi.Output<string>;
  /** All objects that it made. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: TokenQuotaArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("TokenQuota"), name, {}, opts);
    const { place, objects } = composeObjects(this, "TokenQuota", name, args, opts, (at, quota) =>
      quotaObjects(at, quota, (backend) => backend),
    );
    this.policyName = pulumi.output(place.name);
    this.objects = objects;
    this.registerOutputs({ policyName: this.policyName, objects });
  }
}
