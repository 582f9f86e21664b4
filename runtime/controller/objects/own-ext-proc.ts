import type { GatewayConfig } from "../../api/index.ts";
import type { Gateway } from "../snapshot/foreign.ts";
import { namespaceOf } from "../snapshot/snapshot.ts";
import { type KubeObject, ownedBy } from "./kube-object.ts";
import { EXT_PROC, MANAGED_BY, MANAGED_BY_LABEL, ownExtProcName } from "./names.ts";

export type ContainerSettings = NonNullable<
  NonNullable<GatewayConfig["spec"]["extProc"]>["kubernetes"]
>;

/**
 * The ext_proc of one Gateway: the common one under a name of the Gateway's, with its settings. It is in
 * the Gateway's namespace, whose users wrote the settings: from the system's they could read Secrets
 * that are not theirs.
 */
export function ownExtProc(
  common: readonly KubeObject[],
  gateway: Gateway,
  settings: ContainerSettings,
): KubeObject[] {
  const name = ownExtProcName(gateway.metadata.name);
  return common.map((object) => {
    const renamed = rename(object, name) as KubeObject;
    const whole = {
      ...renamed,
      metadata: {
        ...renamed.metadata,
        namespace: namespaceOf(gateway.metadata),
        labels: { ...renamed.metadata.labels, [MANAGED_BY_LABEL]: MANAGED_BY },
        ...ownedBy(gateway),
      },
    };
    return object.kind === "Deployment" ? withSettings(whole, settings) : whole;
  });
}

/** Names, labels and references alike are the one name, in full. */
function rename(value: unknown, name: string): unknown {
  if (value === EXT_PROC) return name;
  if (Array.isArray(value)) return value.map((item) => rename(item, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, rename(inner, name)]),
  );
}

interface Container {
  image: string;
  env?: { name: string }[];
  securityContext?: object;
  [field: string]: unknown;
}

interface DeploymentSpec {
  template: {
    spec: { containers: Container[]; [field: string]: unknown };
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

function withSettings(deployment: KubeObject, settings: ContainerSettings): KubeObject {
  const spec = deployment.spec as DeploymentSpec;
  const { template } = spec;
  const [container, ...others] = template.spec.containers;
  if (container === undefined) return deployment;
  const containers = [changed(container, settings), ...others];
  return {
    ...deployment,
    spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } },
  };
}

/** Mounts are left out: there are no volumes that they could name. */
function changed(container: Container, settings: ContainerSettings): Container {
  const { env = [], resources, securityContext } = settings;
  const replaced = new Set(env.map(({ name }) => name));
  return {
    ...container,
    image: imageOf(container.image, settings),
    env: [...(container.env ?? []).filter(({ name }) => !replaced.has(name)), ...env],
    ...(resources === undefined ? {} : { resources }),
    ...(securityContext === undefined
      ? {}
      : { securityContext: { ...container.securityContext, ...securityContext } }),
  };
}

/** Another repository keeps the version: all that follows the last name of the image. */
function imageOf(common: string, { image, imageRepository }: ContainerSettings): string {
  if (image !== undefined) return image;
  if (imageRepository === undefined) return common;
  const version = /(:[\w.-]+)?(@sha256:[0-9a-f]+)?$/.exec(common)?.[0] ?? "";
  return `${imageRepository}${version}`;
}
