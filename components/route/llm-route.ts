import * as pulumi from "@pulumi/pulumi";
import type { LlmRouteArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { composeObjects, token } from "../internal/component.ts";
import { derive } from "../internal/inputs.ts";
import { judgeRoute } from "../internal/lone-inputs.ts";
import { routeObjects } from "../internal/objects/route.ts";

/** Models that clients find at a gateway, and the AIServiceBackends of the same namespace that serve them. */
export class LlmRoute extends pulumi.ComponentResource {
  /** Name of the AIGatewayRoute, and of the HTTPRoute that it becomes. */
  readonly routeName: pulumi.Output<string>;
  /** Namespace of all its objects. */
  readonly namespace: pulumi.Output<string>;
  /** Models that the route serves by name, in order. */
  readonly models: pulumi.Output<string[]>;
  /** All objects that it made. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: LlmRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("LlmRoute"), name, {}, opts);
    const { place, inputs, objects } = composeObjects(
      this,
      "LlmRoute",
      name,
      args,
      opts,
      (at, { gateway, ...route }) => routeObjects(at, gateway, route, (backend) => backend),
      judgeRoute(name),
    );
    this.routeName = pulumi.output(place.name);
    this.namespace = pulumi.output(place.namespace);
    this.models = pulumi.output(
      derive(
        inputs.rules.flatMap((rule) => rule.models ?? []),
        (...models: string[]) => [...new Set(models)],
      ),
    );
    this.objects = objects;
    this.registerOutputs({
      routeName: this.routeName,
      namespace: this.namespace,
      models: this.models,
      objects,
    });
  }
}
