/** What a cluster has once, for all its gateways. */
import type { Input } from "@pulumi/pulumi";
import { crd } from "../../../runtime/api/generate/crd.ts";
import { kinds } from "../../../runtime/api/index.ts";
import { envoyGatewayFields } from "../../../runtime/manifests/envoy-gateway.ts";
import { extProcManifests } from "../../../runtime/manifests/ext-proc.ts";
import type { RuntimeOptions } from "../../../runtime/manifests/options.ts";
import { runtimeManifests } from "../../../runtime/manifests/runtime.ts";
import type { ExtProcArgs } from "../../args/components.generated.ts";
import type {
  ControlPlaneSettings,
  EnvoyGatewaySettings,
  ExtProcSettings,
} from "../../args/settings.generated.ts";
import { namedImage } from "../image.ts";
import { compact } from "../inputs.ts";
import { merge } from "../patch.ts";
import type { ObjectTemplate } from "./object.ts";

export const namespaceObject = (name: Input<string>): ObjectTemplate => ({
  apiVersion: "v1",
  kind: "Namespace",
  // Nothing else is named after it, so that its name may come later.
  metadata: { name: name as string },
});

/** The definitions of our kinds, made once: they take longer than all else of a gateway. */
const crdObjects = (): ObjectTemplate[] => {
  definitions ??= Object.values(kinds).map((definition) => crd(definition) as ObjectTemplate);
  return definitions;
};
let definitions: ObjectTemplate[] | undefined;

/** The controller, ext_proc and what they need; `envoyGatewayNamespace` is whom they serve. */
export function controlPlaneObjects(
  settings: ControlPlaneSettings,
  envoyGatewayNamespace?: string,
): ObjectTemplate[] {
  const { createNamespace, crds, networkPolicies, extProc } = settings;
  const { labels, secretNamespaces, obtainsTokens, gatewayExtProc } = settings;
  const options = compact({
    ...place(settings),
    createNamespace,
    networkPolicies,
    labels,
    secretNamespaces,
    obtainsTokens,
    gatewayExtProc,
    controller: workload(settings),
    extProc: extProc === undefined ? undefined : workload(extProc),
    envoyGatewayNamespace,
  });
  return [...(crds === false ? [] : crdObjects()), ...runtimeManifests(options as RuntimeOptions)];
}

/** ext_proc by itself. */
export const extProcObjects = (settings: ExtProcArgs): ObjectTemplate[] =>
  extProcManifests(compact({ ...place(settings), extProc: workload(settings) }) as RuntimeOptions);

/** The image may come later: a manifest only holds it. */
const place = (settings: ControlPlaneSettings | ExtProcArgs) => ({
  namespace: settings.namespace,
  image: namedImage(settings) as string,
  imagePullSecrets: settings.imagePullSecret === undefined ? undefined : [settings.imagePullSecret],
});

function workload(settings: ControlPlaneSettings | ExtProcSettings): object {
  const { replicas, cpu, memory, logLevel } = settings;
  const { maxReplicas, workers, drainSeconds }: Partial<ExtProcSettings> = settings;
  const resources = cpu === undefined || memory === undefined ? undefined : { cpu, memory };
  return compact({ replicas, maxReplicas, workers, drainSeconds, resources, logLevel });
}

/** Values of Envoy Gateway's chart: the controller as its extension, and where limits are counted. */
export function envoyGatewayValues(
  { redis, values }: EnvoyGatewaySettings,
  systemNamespace: string,
): Input<object> {
  const options = compact({ namespace: systemNamespace, redis: redis as string | undefined });
  const own = { config: { envoyGateway: envoyGatewayFields(options as { namespace: string }) } };
  return merge(own, values ?? {}) as Input<object>;
}
