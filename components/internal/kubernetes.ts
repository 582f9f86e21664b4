/** From object templates to Pulumi resources. */

import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { Lease } from "@pulumi/kubernetes/coordination/v1/lease.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectReference } from "../args/references.ts";
import type { ObjectPatch } from "../args/settings.generated.ts";
import { compact } from "./inputs.ts";
import type { ObjectTemplate } from "./objects/object.ts";
import { patched } from "./patch.ts";

type Create = new (
  name: string,
  args: never,
  opts?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** Kinds of Kubernetes itself; all others are custom resources. */
const BUILT_IN: Readonly<Record<string, Create>> = {
  "apiextensions.k8s.io/v1/CustomResourceDefinition": CustomResourceDefinition,
  "apps/v1/Deployment": Deployment,
  "autoscaling/v2/HorizontalPodAutoscaler": HorizontalPodAutoscaler,
  "batch/v1/Job": Job,
  "coordination.k8s.io/v1/Lease": Lease,
  "networking.k8s.io/v1/NetworkPolicy": NetworkPolicy,
  "policy/v1/PodDisruptionBudget": PodDisruptionBudget,
  "rbac.authorization.k8s.io/v1/ClusterRole": ClusterRole,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ClusterRoleBinding,
  "rbac.authorization.k8s.io/v1/Role": Role,
  "rbac.authorization.k8s.io/v1/RoleBinding": RoleBinding,
  "v1/ConfigMap": ConfigMap,
  "v1/Namespace": Namespace,
  "v1/Secret": Secret,
  "v1/Service": Service,
  "v1/ServiceAccount": ServiceAccount,
};

/** What objects others need to be there first. */
const FIRST = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "Secret", "ConfigMap"];

/** An object and the resource that stands for it. */
export interface Created {
  object: ObjectTemplate;
  resource: pulumi.CustomResource;
}

export interface Creation {
  /** The component that the objects belong to, and its name. */
  parent: pulumi.ComponentResource;
  name: string;
  patches?: readonly ObjectPatch[] | undefined;
  /** Objects are created after these, and removed before them. */
  dependsOn?: pulumi.Input<pulumi.Resource[]>;
  /** Options of some objects. */
  optionsOf?: (object: ObjectTemplate) => pulumi.CustomResourceOptions;
}

/**
 * Registers the objects as children. What others need goes first: namespaces and definitions, then
 * accounts and values, then the rest in its order. Names come from the objects' own, so that they
 * stay the same whatever else changes.
 */
export function createObjects(templates: readonly ObjectTemplate[], creation: Creation): Created[] {
  const objects = patched(templates, creation.patches ?? []);
  const all: Created[] = [];
  const names = new Map<string, number>();
  const first: pulumi.Resource[] = [];
  for (const object of inOrder(objects)) {
    const base = FIRST.slice(0, 2).includes(object.kind);
    const name = childName(creation.name, object, names);
    const before = pulumi
      .output(creation.dependsOn ?? [])
      .apply((others) => [...others, ...(base ? [] : first)]);
    const one = created(name, object, {
      ...creation.optionsOf?.(object),
      parent: creation.parent,
      dependsOn: before,
    });
    if (base) first.push(one.resource);
    all.push(one);
  }
  return all;
}

/** Registers one object. */
export function createObject(
  name: string,
  object: ObjectTemplate,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const Known = BUILT_IN[`${object.apiVersion}/${object.kind}`];
  if (Known !== undefined) return new Known(name, guarded(object) as never, opts);
  // Names what the API server tells besides, so that the resource has it as an output.
  return new CustomResource(name, { ...object, status: undefined } as never, opts);
}

/** Registers one object, and keeps both. */
export const created = (
  name: string,
  object: ObjectTemplate,
  opts: pulumi.CustomResourceOptions,
): Created => ({ object, resource: createObject(name, object, opts) });

/** What was made, by kind and name. */
export const referencesTo = (objects: readonly Created[]): pulumi.Output<ObjectReference[]> =>
  pulumi.output(
    objects.map(
      ({ object: { apiVersion, kind, metadata } }) =>
        compact({
          apiVersion,
          kind,
          name: metadata.name,
          namespace: metadata.namespace,
        }) as ObjectReference,
    ),
  );

/** Values of Secrets are secrets, whatever the user gave. */
function guarded(object: ObjectTemplate): ObjectTemplate {
  if (object.kind !== "Secret") return object;
  const secret = (field: string): object =>
    object[field] === undefined ? {} : { [field]: pulumi.secret(object[field]) };
  return { ...object, ...secret("stringData"), ...secret("data") };
}

function inOrder(objects: readonly ObjectTemplate[]): ObjectTemplate[] {
  const rank = ({ kind }: ObjectTemplate): number => {
    const index = FIRST.indexOf(kind);
    return index < 0 ? FIRST.length : index;
  };
  return [...objects].sort((a, b) => rank(a) - rank(b));
}

/** The object's name, with the component's in front where it is not there already. */
function childName(component: string, object: ObjectTemplate, taken: Map<string, number>): string {
  const own = object.metadata.name.replaceAll(".", "-");
  const name = own === component || own.startsWith(`${component}-`) ? own : `${component}-${own}`;
  const id = `${object.apiVersion}/${object.kind}/${name}`;
  const count = taken.get(id) ?? 0;
  taken.set(id, count + 1);
  return count === 0 ? name : `${name}-${count + 1}`;
}
