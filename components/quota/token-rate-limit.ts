import * as pulumi from "@pulumi/pulumi";
import type { TokenRateLimitArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { composeObjects, token } from "../internal/component.ts";
import { costKeyOf, trafficPolicy } from "../internal/objects/limits.ts";

/**
 * Limits on the tokens that clients of a route or Gateway use; 429 above them. The route or its
 * gateway must compute the costs that are counted: `costKeys` names them.
 */
export class TokenRateLimit extends pulumi.ComponentResource {
  /** Name of the BackendTrafficPolicy. */
  readonly policyName: pulumi.Output<string>;
  /** Keys of the costs that are counted. */
  readonly costKeys: pulumi.Output<string[]>;
  /** All objects that it made. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: TokenRateLimitArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("TokenRateLimit"), name, {}, opts);
    const { place, inputs, objects } = composeObjects(
      this,
      "TokenRateLimit",
      name,
      args,
      opts,
      (at, { target, targetKind, limits }) =>
        trafficPolicy(
          at,
          { kind: targetKind === "Gateway" ? "Gateway" : "HTTPRoute", name: target },
          { limits },
        ),
    );
    this.policyName = pulumi.output(place.name);
    this.costKeys = pulumi.output([...new Set(inputs.limits.map(costKeyOf))]);
    this.objects = objects;
    this.registerOutputs({ policyName: this.policyName, costKeys: this.costKeys, objects });
  }
}
