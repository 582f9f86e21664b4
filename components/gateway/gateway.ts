import * as pulumi from "@pulumi/pulumi";
import { ENVOY_GATEWAY_NAMESPACE } from "../../runtime/manifests/names.ts";
import type { GatewayArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { composeObjects, token, unlessRefused } from "../internal/component.ts";
import { addressesIn, awaited, isProgrammed, statusOf } from "../internal/gateway-status.ts";
import { judgeLoneGateway } from "../internal/lone-inputs.ts";
import { endpointOf, gatewayObjects } from "../internal/objects/gateway.ts";

/** A Gateway: Envoy's pods, where they listen, and who reaches them. */
export class Gateway extends pulumi.ComponentResource {
  /** Name of the Gateway. */
  readonly gatewayName: pulumi.Output<string>;
  /** Namespace of the Gateway. */
  readonly namespace: pulumi.Output<string>;
  /** URL of the first listener: its host name, the load balancer's address, or the name within the cluster. */
  readonly endpoint: pulumi.Output<string>;
  /** Addresses that the Gateway's status told, last time that Pulumi looked. */
  readonly addresses: pulumi.Output<string[]>;
  /** Whether Envoys served it, last time that Pulumi looked: its condition `Programmed`. */
  readonly ready: pulumi.Output<boolean>;
  /** All objects that it made. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("Gateway"), name, {}, opts);
    const { place, inputs, children, objects } = composeObjects(
      this,
      "Gateway",
      name,
      args,
      opts,
      (at, settings) => gatewayObjects(at, settings).map(awaited(settings)),
      judgeLoneGateway,
    );
    const { envoyGatewayNamespace = ENVOY_GATEWAY_NAMESPACE } = inputs;
    const status = statusOf(children);
    this.gatewayName = pulumi.output(place.name);
    this.namespace = pulumi.output(place.namespace);
    this.addresses = status.apply(addressesIn);
    this.ready = status.apply(isProgrammed);
    this.endpoint = pulumi.output(endpointOf(place, inputs, envoyGatewayNamespace, this.addresses));
    this.objects = objects;
    const outputs = {
      gatewayName: this.gatewayName,
      namespace: this.namespace,
      endpoint: this.endpoint,
      addresses: this.addresses,
      ready: this.ready,
      objects: this.objects,
    };
    this.registerOutputs(unlessRefused(outputs));
  }
}
