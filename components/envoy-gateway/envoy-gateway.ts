import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import * as pulumi from "@pulumi/pulumi";
import { ENVOY_GATEWAY_NAMESPACE, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import type { EnvoyGatewayArgs } from "../args/components.generated.ts";
import { ENVOY_GATEWAY_VERSION } from "../inputs/install.ts";
import { accept } from "../internal/accept.ts";
import { token } from "../internal/component.ts";
import { envoyGatewayValues } from "../internal/objects/install.ts";

/** Name of the Helm release, as Envoy Gateway's own documentation has it. */
const RELEASE = "eg";

/**
 * Envoy Gateway, installed with its chart, or taken as it is. It is a Helm release and no rendered
 * chart, since its certificates come from a hook of the chart, which only Helm runs.
 */
export class EnvoyGateway extends pulumi.ComponentResource {
  /** Its namespace, in which its Envoys run. */
  readonly namespace: pulumi.Output<string>;
  /** Name of its Helm release; empty where nothing was installed. */
  readonly releaseName: pulumi.Output<string>;
  /** Values of the chart. An Envoy Gateway that is there already must have them. */
  // biome-ignore lint/suspicious/noExplicitAny: the word for any JSON in a Pulumi schema
  readonly values: pulumi.Output<any>;

  constructor(name: string, args: EnvoyGatewayArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(token("EnvoyGateway"), name, {}, opts);
    const { inputs, checked } = accept(this, "EnvoyGateway", name, args, opts);
    const {
      install,
      namespace = ENVOY_GATEWAY_NAMESPACE,
      version = ENVOY_GATEWAY_VERSION,
    } = inputs;
    const values = envoyGatewayValues(inputs, inputs.systemNamespace ?? SYSTEM_NAMESPACE);
    if (install !== false) {
      new Release(
        name,
        {
          name: RELEASE,
          chart: inputs.chart ?? "",
          version: version.startsWith("v") ? version : `v${version}`,
          namespace,
          createNamespace: true,
          values: values as Record<string, unknown>,
        },
        { parent: this, dependsOn: checked },
      );
    }
    this.namespace = pulumi.output(namespace);
    this.values = pulumi.output(values);
    this.releaseName = pulumi.output(install === false ? "" : RELEASE);
    this.registerOutputs({
      namespace: this.namespace,
      values: this.values,
      releaseName: this.releaseName,
    });
  }
}
