import * as pulumi from "@pulumi/pulumi";
import { ENVOY_GATEWAY_NAMESPACE, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import type { AiGatewayArgs } from "../args/components.generated.ts";
import { LlmBackend } from "../backend/llm-backend.ts";
import { ControlPlane } from "../control-plane/control-plane.ts";
import { EnvoyGateway } from "../envoy-gateway/envoy-gateway.ts";
import { Gateway } from "../gateway/gateway.ts";
import { accept } from "../internal/accept.ts";
import { token } from "../internal/component.ts";
import { judgeGateway, partName } from "../internal/gateway-inputs.ts";
import { createObject } from "../internal/kubernetes.ts";
import { namespaceObject } from "../internal/objects/install.ts";
import { McpRoute } from "../mcp/mcp-route.ts";
import { TokenQuota } from "../quota/token-quota.ts";
import { LlmRoute } from "../route/llm-route.ts";

/** A working gateway from providers and routes, with all that it takes. */
export class AiGateway extends pulumi.ComponentResource {
  /** URL of the gateway: its first host name, or its address within the cluster. */
  readonly endpoint: pulumi.Output<string>;
  /** Namespace of the gateway's objects. */
  readonly namespace: pulumi.Output<string>;
  /** Name of the Gateway. */
  readonly gatewayName: pulumi.Output<string>;
  /** Models by route, as clients name them. */
  readonly models: pulumi.Output<Record<string, string[]>>;
  /** Names of the AIServiceBackends by backend. */
  readonly backendNames: pulumi.Output<Record<string, string>>;
  /** Names of the AIGatewayRoutes by route. */
  readonly routeNames: pulumi.Output<Record<string, string>>;
  /** Namespace of the controller. */
  readonly systemNamespace: pulumi.Output<string>;
  /** Values of Envoy Gateway's chart, which an Envoy Gateway of your own must have. */
  // biome-ignore lint/suspicious/noExplicitAny: the word for any JSON in a Pulumi schema
  readonly envoyGatewayValues: pulumi.Output<any>;

  constructor(name: string, args: AiGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("AiGateway"), name, {}, opts);
    const { inputs, checked } = accept(this, "AiGateway", name, args, opts, judgeGateway(name));
    const { patches, namespace = name } = inputs;
    const common = patches === undefined ? { namespace } : { namespace, patches };
    const child = (...after: pulumi.Resource[]): pulumi.ComponentResourceOptions => ({
      parent: this,
      dependsOn: pulumi.output(checked).apply((first) => [...first, ...after]),
    });

    const envoyGatewayNamespace = inputs.envoyGateway?.namespace ?? ENVOY_GATEWAY_NAMESPACE;
    const controlPlane = new ControlPlane(
      name,
      {
        ...inputs.controlPlane,
        ...(patches === undefined ? {} : { patches }),
        envoyGatewayNamespace,
      },
      child(),
    );
    const envoyGateway = new EnvoyGateway(
      name,
      {
        ...inputs.envoyGateway,
        systemNamespace: inputs.controlPlane?.namespace ?? SYSTEM_NAMESPACE,
      },
      child(controlPlane),
    );
    const home =
      inputs.createNamespace === false
        ? []
        : [createObject(name, namespaceObject(namespace), { parent: this, dependsOn: checked })];
    const gateway = new Gateway(
      name,
      { ...inputs.gateway, ...common, envoyGatewayNamespace },
      child(controlPlane, envoyGateway, ...home),
    );
    const of = partName.bind(undefined, name);
    const backends = mapValues(
      inputs.backends,
      (key, backend) => new LlmBackend(of(key), { ...backend, ...common }, child(gateway)),
    );
    const served = Object.values(backends);
    const onGateway = { ...common, gateway: name };
    const routes = mapValues(
      inputs.routes,
      (key, route) =>
        new LlmRoute(of(key), { ...namedBackends(route), ...onGateway }, child(gateway, ...served)),
    );
    mapValues(
      inputs.quotas ?? {},
      (key, quota) =>
        new TokenQuota(
          of(key),
          { ...quota, ...common, backends: quota.backends.map(of) },
          child(...served),
        ),
    );
    mapValues(
      inputs.mcpRoutes ?? {},
      (key, route) => new McpRoute(of(key), { ...route, ...onGateway }, child(gateway)),
    );

    this.endpoint = gateway.endpoint;
    this.namespace = gateway.namespace;
    this.gatewayName = gateway.gatewayName;
    this.models = pulumi.output(mapValues(routes, (_, route) => route.models));
    this.backendNames = pulumi.output(mapValues(backends, (_, backend) => backend.backendName));
    this.routeNames = pulumi.output(mapValues(routes, (_, route) => route.routeName));
    this.systemNamespace = controlPlane.namespace;
    this.envoyGatewayValues = envoyGateway.values;
    this.registerOutputs({
      endpoint: this.endpoint,
      namespace: this.namespace,
      gatewayName: this.gatewayName,
      models: this.models,
      backendNames: this.backendNames,
      routeNames: this.routeNames,
      systemNamespace: this.systemNamespace,
      envoyGatewayValues: this.envoyGatewayValues,
    });

    /** Routes name backends by key; the objects have names of their own. */
    function namedBackends<R extends AiGatewayArgs["routes"][string]>(route: R): R {
      const rules = route.rules.map((rule) =>
        rule.backends === undefined
          ? rule
          : {
              ...rule,
              backends: rule.backends.map((ref) => ({ ...ref, backend: of(ref.backend) })),
            },
      );
      return { ...route, rules };
    }
  }
}

const mapValues = <T, U>(
  values: Record<string, T>,
  change: (key: string, value: T) => U,
): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(key, value)]));
