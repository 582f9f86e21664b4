import * as pulumi from "@pulumi/pulumi";
import type { McpRouteArgs } from "../args/components.generated.ts";
import { composeObjects, token } from "../internal/component.ts";
import { mcpObjects } from "../internal/objects/mcp.ts";

/** Several MCP servers behind one endpoint of a gateway, with their keys and who may call what. */
export class McpRoute extends pulumi.ComponentResource {
  /** Name of the MCPRoute. */
  readonly routeName: pulumi.Output<string>;
  /** Path that clients call. */
  readonly path: pulumi.Output<string>;

  constructor(name: string, args: McpRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token("McpRoute"), name, {}, opts);
    const { place, inputs } = composeObjects(
      this,
      "McpRoute",
      name,
      args,
      opts,
      (at, { gateway, ...route }) => mcpObjects(at, gateway, route),
    );
    this.routeName = pulumi.output(place.name);
    this.path = pulumi.output(inputs.path ?? "/mcp");
    this.registerOutputs({ routeName: this.routeName, path: this.path });
  }
}
