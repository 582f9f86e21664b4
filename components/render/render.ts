/** Manifests without a cluster and without an engine: for GitOps, and to look at. */

import { SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import type { AiGatewayArgs } from "../args/components.generated.ts";
import { componentInputs } from "../inputs/args.ts";
import { findings } from "../internal/accept.ts";
import { withDefaults } from "../internal/defaults.ts";
import { allObjects, judgeGateway } from "../internal/gateway-inputs.ts";
import { settle } from "../internal/inputs.ts";
import { told } from "../internal/judge.ts";
import { envoyGatewayValues } from "../internal/objects/install.ts";
import type { ObjectTemplate } from "../internal/objects/object.ts";
import { patched } from "../internal/patch.ts";

export interface Rendered {
  /** In the order in which they can be applied. */
  objects: ObjectTemplate[];
  /** Values with which Envoy Gateway's chart is to be installed. */
  envoyGatewayValues: object;
}

/**
 * The manifests of an AiGateway of that name: the same objects that the component registers, but for
 * Envoy Gateway's chart and the namespace that it goes to.
 *
 * @throws {Error} that names every input at fault; inputs must be values, not outputs.
 */
export function render(name: string, args: AiGatewayArgs): Rendered {
  const settled = settle(args);
  const [output] = settled.holes;
  if (output !== undefined) {
    throw new Error(`AiGateway "${name}": ${output.join(".")} is an output; render() takes values`);
  }
  const { errors } = findings("AiGateway", settled, judgeGateway(name));
  if (errors.length > 0) throw new Error(told(`AiGateway "${name}"`, errors));
  const inputs = withDefaults(componentInputs.AiGateway, args);
  const { controlPlane, envoyGateway = {} } = inputs;
  return {
    objects: patched(allObjects(name, inputs), inputs.patches ?? []),
    envoyGatewayValues: envoyGatewayValues(
      envoyGateway,
      controlPlane?.namespace ?? SYSTEM_NAMESPACE,
    ),
  };
}
