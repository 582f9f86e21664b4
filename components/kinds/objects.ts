/** Every kind of the API as a typed resource, for those who write objects themselves. */
import * as pulumi from "@pulumi/pulumi";
import type {
  AIGatewayRouteObjectArgs,
  AIServiceBackendObjectArgs,
  BackendSecurityPolicyObjectArgs,
  GatewayConfigObjectArgs,
  MCPRouteObjectArgs,
  QuotaPolicyObjectArgs,
} from "../args/components.generated.ts";
import { token } from "../internal/component.ts";
import { kindObject } from "../internal/kind-object.ts";

/** The kind AIGatewayRoute as it is. Routes requests for models to the backends that serve them. */
export class AIGatewayRouteObject extends pulumi.ComponentResource {
  /** Name of the object. */
  readonly objectName: pulumi.Output<string>;
  /** Namespace of the object. */
  readonly namespace: pulumi.Output<string>;

  constructor(
    name: string,
    args: AIGatewayRouteObjectArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(token("AIGatewayRouteObject"), name, {}, opts);
    const { objectName, namespace } = kindObject(this, "AIGatewayRoute", name, args, opts);
    this.objectName = objectName;
    this.namespace = namespace;
    this.registerOutputs({ objectName, namespace });
  }
}

/** The kind AIServiceBackend as it is. A service that answers requests for models. */
export class AIServiceBackendObject extends pulumi.ComponentResource {
  /** Name of the object. */
  readonly objectName: pulumi.Output<string>;
  /** Namespace of the object. */
  readonly namespace: pulumi.Output<string>;

  constructor(
    name: string,
    args: AIServiceBackendObjectArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(token("AIServiceBackendObject"), name, {}, opts);
    const { objectName, namespace } = kindObject(this, "AIServiceBackend", name, args, opts);
    this.objectName = objectName;
    this.namespace = namespace;
    this.registerOutputs({ objectName, namespace });
  }
}

/** The kind BackendSecurityPolicy as it is. A credential and the backends that get it. */
export class BackendSecurityPolicyObject extends pulumi.ComponentResource {
  /** Name of the object. */
  readonly objectName: pulumi.Output<string>;
  /** Namespace of the object. */
  readonly namespace: pulumi.Output<string>;

  constructor(
    name: string,
    args: BackendSecurityPolicyObjectArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(token("BackendSecurityPolicyObject"), name, {}, opts);
    const { objectName, namespace } = kindObject(this, "BackendSecurityPolicy", name, args, opts);
    this.objectName = objectName;
    this.namespace = namespace;
    this.registerOutputs({ objectName, namespace });
  }
}

/** The kind GatewayConfig as it is. Settings for every Gateway that names it. */
export class GatewayConfigObject extends pulumi.ComponentResource {
  /** Name of the object. */
  readonly objectName: pulumi.Output<string>;
  /** Namespace of the object. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: GatewayConfigObjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("GatewayConfigObject"), name, {}, opts);
    const { objectName, namespace } = kindObject(this, "GatewayConfig", name, args, opts);
    this.objectName = objectName;
    this.namespace = namespace;
    this.registerOutputs({ objectName, namespace });
  }
}

/** The kind MCPRoute as it is. Serves several MCP servers as one. */
export class MCPRouteObject extends pulumi.ComponentResource {
  /** Name of the object. */
  readonly objectName: pulumi.Output<string>;
  /** Namespace of the object. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: MCPRouteObjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("MCPRouteObject"), name, {}, opts);
    const { objectName, namespace } = kindObject(this, "MCPRoute", name, args, opts);
    this.objectName = objectName;
    this.namespace = namespace;
    this.registerOutputs({ objectName, namespace });
  }
}

/** The kind QuotaPolicy as it is. Limits what models may be used. */
export class QuotaPolicyObject extends pulumi.ComponentResource {
  /** Name of the object. */
  readonly objectName: pulumi.Output<string>;
  /** Namespace of the object. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: QuotaPolicyObjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("QuotaPolicyObject"), name, {}, opts);
    const { objectName, namespace } = kindObject(this, "QuotaPolicy", name, args, opts);
    this.objectName = objectName;
    this.namespace = namespace;
    this.registerOutputs({ objectName, namespace });
  }
}
