import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import * as pulumi from "@pulumi/pulumi";
import { ENVOY_GATEWAY_NAMESPACE, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import type { EnvoyGatewayArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { ENVOY_GATEWAY_VERSION } from "../inputs/install.ts";
import { accept } from "../internal/accept.ts";
import { token } from "../internal/component.ts";
import { created, referencesTo } from "../internal/kubernetes.ts";
import { envoyGatewayValues, namespaceObject } from "../internal/objects/install.ts";

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
  /** Its namespace, where that was made here; what the chart made is the release's. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: EnvoyGatewayArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(token("EnvoyGateway"), name, {}, opts);
    const { inputs, checked } = accept(this, "EnvoyGateway", name, args, opts);
    const {
      install,
      namespace = ENVOY_GATEWAY_NAMESPACE,
      version = ENVOY_GATEWAY_VERSION,
    } = inputs;
    const values = envoyGatewayValues(inputs, inputs.systemNamespace ?? SYSTEM_NAMESPACE);
    // With the namespace goes what no release takes along: certificates, and Envoys of gateways that go.
    const home =
      install === false || inputs.createNamespace === false
        ? []
        : [created(name, namespaceObject(namespace), { parent: this, dependsOn: checked })];
    if (install !== false) {
      new Release(
        name,
        {
          name: RELEASE,
          chart: inputs.chart ?? "",
          version: version.startsWith("v") ? version : `v${version}`,
          namespace,
          values: values as Record<string, unknown>,
        },
        {
          parent: this,
          dependsOn: pulumi
            .output(checked)
            .apply((first) => [...first, ...home.map(({ resource }) => resource)]),
        },
      );
    }
    this.namespace = pulumi.output(namespace);
    this.values = pulumi.output(values);
    this.releaseName = pulumi.output(install === false ? "" : RELEASE);
    this.objects = referencesTo(home);
    this.registerOutputs({
      namespace: this.namespace,
      values: this.values,
      releaseName: this.releaseName,
      objects: this.objects,
    });
  }
}
