import * as pulumi from "@pulumi/pulumi";
import { ENVOY_GATEWAY_NAMESPACE, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import type { AiGatewayArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { LlmBackend } from "../backend/llm-backend.ts";
import { ControlPlane } from "../control-plane/control-plane.ts";
import { EnvoyGateway } from "../envoy-gateway/envoy-gateway.ts";
import { Gateway } from "../gateway/gateway.ts";
import { accept } from "../internal/accept.ts";
import { token, unlessRefused } from "../internal/component.ts";
import { judgeGateway, partName, withImage } from "../internal/gateway-inputs.ts";
import { created, referencesTo } from "../internal/kubernetes.ts";
import { namespaceObject } from "../internal/objects/install.ts";
import { McpRoute } from "../mcp/mcp-route.ts";
import { TokenQuota } from "../quota/token-quota.ts";
import { LlmRoute } from "../route/llm-route.ts";

/** A working gateway from providers and routes, with all that it takes. */
export class AiGateway extends pulumi.ComponentResource {
  /** URL of the gateway: its first host name, the load balancer's address, or the name within the cluster. */
  readonly endpoint: pulumi.Output<string>;
  /** Addresses that the Gateway's status told, last time that Pulumi looked. */
  readonly addresses: pulumi.Output<string[]>;
  /** Whether Envoys served it, last time that Pulumi looked. */
  readonly ready: pulumi.Output<boolean>;
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
  /** Names of the QuotaPolicies by quota. */
  readonly quotaNames: pulumi.Output<Record<string, string>>;
  /** Names of the MCPRoutes by MCP route. */
  readonly mcpRouteNames: pulumi.Output<Record<string, string>>;
  /** All objects that it made, Secrets and policies included. */
  readonly objects: pulumi.Output<ObjectReference[]>;
  /** Name of Envoy Gateway's Helm release; empty where nothing was installed. */
  readonly envoyGatewayRelease: pulumi.Output<string>;
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
        : [created(name, namespaceObject(namespace), { parent: this, dependsOn: checked })];
    const gateway = new Gateway(
      name,
      { ...withImage(inputs, controlPlane.image), ...common, envoyGatewayNamespace },
      child(controlPlane, envoyGateway, ...home.map(({ resource }) => resource)),
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
    const quotas = mapValues(
      inputs.quotas ?? {},
      (key, quota) =>
        new TokenQuota(
          of(key),
          { ...quota, ...common, backends: quota.backends.map(of) },
          child(...served),
        ),
    );
    const mcpRoutes = mapValues(
      inputs.mcpRoutes ?? {},
      (key, route) => new McpRoute(of(key), { ...route, ...onGateway }, child(gateway)),
    );

    this.endpoint = gateway.endpoint;
    this.addresses = gateway.addresses;
    this.ready = gateway.ready;
    this.namespace = gateway.namespace;
    this.gatewayName = gateway.gatewayName;
    this.models = pulumi.output(mapValues(routes, (_, route) => route.models));
    this.backendNames = pulumi.output(mapValues(backends, (_, backend) => backend.backendName));
    this.routeNames = pulumi.output(mapValues(routes, (_, route) => route.routeName));
    this.quotaNames = pulumi.output(mapValues(quotas, (_, quota) => quota.policyName));
    this.mcpRouteNames = pulumi.output(mapValues(mcpRoutes, (_, route) => route.routeName));
    const parts = [backends, routes, quotas, mcpRoutes].flatMap((each) => Object.values(each));
    const made = [
      referencesTo(home),
      ...[controlPlane, envoyGateway, gateway, ...parts].map((part) => part.objects),
    ];
    this.objects = pulumi.all(made).apply((lists) => lists.flat());
    this.envoyGatewayRelease = envoyGateway.releaseName;
    this.systemNamespace = controlPlane.namespace;
    this.envoyGatewayValues = envoyGateway.values;
    const outputs = {
      endpoint: this.endpoint,
      addresses: this.addresses,
      ready: this.ready,
      namespace: this.namespace,
      gatewayName: this.gatewayName,
      models: this.models,
      backendNames: this.backendNames,
      routeNames: this.routeNames,
      quotaNames: this.quotaNames,
      mcpRouteNames: this.mcpRouteNames,
      objects: this.objects,
      envoyGatewayRelease: this.envoyGatewayRelease,
      systemNamespace: this.systemNamespace,
      envoyGatewayValues: this.envoyGatewayValues,
    };
    this.registerOutputs(unlessRefused(outputs));

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
