import * as pulumi from "@pulumi/pulumi";
import type { McpRouteArgs } from "../args/components.generated.ts";
import type { ObjectReference } from "../args/references.ts";
import { composeObjects, token } from "../internal/component.ts";
import { mcpObjects } from "../internal/objects/mcp.ts";

/** Several MCP servers behind one endpoint of a gateway, with their keys and who may call what. */
export class McpRoute extends pulumi.ComponentResource {
  /** Name of the MCPRoute. */
  readonly routeName: pulumi.Output<string>;
  /** Path that clients call. */
  readonly path: pulumi.Output<string>;
  /** All objects that it made. */
  readonly objects: pulumi.Output<ObjectReference[]>;

  constructor(name: string, args: McpRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("McpRoute"), name, {}, opts);
    const { place, inputs, objects } = composeObjects(
      this,
      "McpRoute",
      name,
      args,
      opts,
      (at, { gateway, ...route }) => mcpObjects(at, gateway, route),
    );
    this.routeName = pulumi.output(place.name);
    this.path = pulumi.output(inputs.path ?? "/mcp");
    this.objects = objects;
    this.registerOutputs({ routeName: this.routeName, path: this.path, objects });
  }
}
