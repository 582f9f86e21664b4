import * as pulumi from "@pulumi/pulumi";
import { ENVOY_GATEWAY_NAMESPACE } from "../../runtime/manifests/names.ts";
import type { GatewayArgs } from "../args/components.generated.ts";
import { composeObjects, token } from "../internal/component.ts";
import { endpointOf, gatewayObjects } from "../internal/objects/gateway.ts";

/** A Gateway: Envoy's pods, where they listen, and who reaches them. */
export class Gateway extends pulumi.ComponentResource {
  /** Name of the Gateway. */
  readonly gatewayName: pulumi.Output<string>;
  /** Namespace of the Gateway. */
  readonly namespace: pulumi.Output<string>;
  /** URL of the first listener: its host name, or the address within the cluster. */
  readonly endpoint: pulumi.Output<string>;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("Gateway"), name, {}, opts);
    const { place, inputs } = composeObjects(this, "Gateway", name, args, opts, gatewayObjects);
    this.gatewayName = pulumi.output(place.name);
    this.namespace = pulumi.output(place.namespace);
    const { envoyGatewayNamespace = ENVOY_GATEWAY_NAMESPACE } = inputs;
    this.endpoint = pulumi.output(endpointOf(place, inputs, envoyGatewayNamespace));
    this.registerOutputs({
      gatewayName: this.gatewayName,
      namespace: this.namespace,
      endpoint: this.endpoint,
    });
  }
}
