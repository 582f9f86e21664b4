import { DEFAULT_EXT_PROC_RESOURCES, extProcArguments } from "./ext-proc.ts";
import { SIDECAR_SOCKET } from "./names.ts";
import type { RuntimeOptions } from "./options.ts";
import { adminPort, containerSecurity, podEnvironment, probes, resourcesOf } from "./pod.ts";

const VOLUME = "ai-gateway-socket";
const FOLDER = SIDECAR_SOCKET.slice(0, SIDECAR_SOCKET.lastIndexOf("/"));

/**
 * A patch of an EnvoyProxy's Deployment (`spec.provider.kubernetes.envoyDeployment.patch`) by which
 * ext_proc runs beside each Envoy, on a socket that only the two share. It starts before Envoy and
 * ends after it. Requests are then processed in Envoy's own Pod, and scale with it.
 */
export function sidecarPatch({ image, extProc = {} }: Pick<RuntimeOptions, "image" | "extProc">) {
  const { resources = DEFAULT_EXT_PROC_RESOURCES } = extProc;
  return {
    type: "StrategicMerge",
    value: {
      spec: {
        template: {
          spec: {
            initContainers: [
              {
                name: "ai-gateway-ext-proc",
                image,
                restartPolicy: "Always",
                args: extProcArguments([`--listen=unix://${SIDECAR_SOCKET}`], extProc),
                env: podEnvironment,
                ports: [adminPort],
                ...probes,
                resources: resourcesOf(resources),
                securityContext: containerSecurity,
                volumeMounts: [{ name: VOLUME, mountPath: FOLDER }],
              },
            ],
            containers: [{ name: "envoy", volumeMounts: [{ name: VOLUME, mountPath: FOLDER }] }],
            volumes: [{ name: VOLUME, emptyDir: {} }],
          },
        },
      },
    },
  };
}
