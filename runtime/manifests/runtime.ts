import { accessManifests } from "./access.ts";
import { controllerManifests } from "./controller.ts";
import { extProcManifests } from "./ext-proc.ts";
import { networkPolicyManifests } from "./network-policies.ts";
import { type Manifest, namespaceOf, type RuntimeOptions } from "./options.ts";

/** Controller and ext_proc with all that they need, but for the definitions of our kinds; in order. */
export function runtimeManifests(options: RuntimeOptions): Manifest[] {
  const { createNamespace = true, networkPolicies = false, labels } = options;
  const namespace: Manifest = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: namespaceOf(options),
      labels: { ...labels, "pod-security.kubernetes.io/enforce": "restricted" },
    },
  };
  return [
    ...(createNamespace ? [namespace] : []),
    ...accessManifests(options),
    ...controllerManifests(options),
    ...extProcManifests(options),
    ...(networkPolicies ? networkPolicyManifests(options) : []),
  ];
}
