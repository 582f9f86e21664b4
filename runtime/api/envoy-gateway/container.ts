/** Pieces of a Kubernetes container, as Envoy Gateway's KubernetesContainerSpec embeds them. */
import { z } from "zod";
import { int64, quantity } from "../schema/fields.ts";
import { atomicList, list, mapOf } from "../schema/lists.ts";
import { named } from "../schema/names.ts";
import { withRules } from "../schema/rules.ts";

const atomic = <S extends z.ZodType>(schema: S): S =>
  schema.meta({ "x-kubernetes-map-type": "atomic" });

const keyOf = (owner: string) =>
  atomic(
    z.object({
      name: z.string().default("").describe(`Name of the ${owner}.`),
      key: z.string().describe("Key of the value."),
      optional: z.boolean().describe(`Whether the ${owner} or key may be absent.`).optional(),
    }),
  ).describe(`A value of a ${owner}.`);

const envVar = z
  .object({
    name: z.string().describe("Name of the variable."),
    value: z.string().describe("Its value.").optional(),
    valueFrom: z
      .object({
        configMapKeyRef: keyOf("ConfigMap").optional(),
        secretKeyRef: keyOf("Secret").optional(),
        fieldRef: atomic(
          z.object({
            apiVersion: z.string().describe("Version that the path is written in.").optional(),
            fieldPath: z.string().describe("Path of the field, as `metadata.name`."),
          }),
        )
          .describe("A field of the pod.")
          .optional(),
        fileKeyRef: atomic(
          z.object({
            volumeName: z.string().describe("Volume that holds the file."),
            path: z.string().describe("Path of the file within the volume."),
            key: z.string().describe("Variable within the file."),
            optional: z.boolean().default(false).describe("Whether the file or key may be absent."),
          }),
        )
          .describe("A variable of a file.")
          .optional(),
        resourceFieldRef: atomic(
          z.object({
            containerName: z.string().describe("Container, this one where left out.").optional(),
            resource: z.string().describe("The resource, as `limits.memory`."),
            divisor: quantity().describe("Unit in which it is given; 1 where left out.").optional(),
          }),
        )
          .describe("A resource of a container.")
          .optional(),
      })
      .describe("Where the value comes from, instead of `value`.")
      .optional(),
  })
  .describe("An environment variable.");

const quantities = (about: string) => z.record(z.string(), quantity()).describe(about).optional();

const resources = z
  .object({
    limits: quantities("The most of each resource that the container may use."),
    requests: quantities("The least of each resource that the container needs."),
    claims: mapOf(
      z.object({
        name: z.string().describe("Name of an entry of the pod's resourceClaims."),
        request: z.string().describe("Request within that claim.").optional(),
      }),
      "name",
    )
      .describe("Claims of dynamic resources that the container uses.")
      .optional(),
  })
  .describe("CPU, memory and other resources of the container.");

const profile = (about: string) =>
  z
    .object({
      type: z.string().describe("`RuntimeDefault`, `Localhost` or `Unconfined`."),
      localhostProfile: z.string().describe("Profile of the node, for `Localhost`.").optional(),
    })
    .describe(about)
    .optional();

const securityContext = z
  .object({
    allowPrivilegeEscalation: z
      .boolean()
      .describe("Whether a process may gain more privileges than its parent.")
      .optional(),
    appArmorProfile: profile("AppArmor profile."),
    capabilities: z
      .object({
        add: atomicList(z.string()).describe("Capabilities to add.").optional(),
        drop: atomicList(z.string()).describe("Capabilities to take away.").optional(),
      })
      .describe("POSIX capabilities.")
      .optional(),
    privileged: z.boolean().describe("Whether the container is as root on the node.").optional(),
    procMount: z.string().describe("How `/proc` is mounted.").optional(),
    readOnlyRootFilesystem: z
      .boolean()
      .describe("Whether the root file system cannot be written.")
      .optional(),
    runAsGroup: int64().describe("Group id of the process.").optional(),
    runAsNonRoot: z.boolean().describe("Whether user id 0 is refused.").optional(),
    runAsUser: int64().describe("User id of the process.").optional(),
    seLinuxOptions: z
      .object({
        level: z.string().describe("SELinux level.").optional(),
        role: z.string().describe("SELinux role.").optional(),
        type: z.string().describe("SELinux type.").optional(),
        user: z.string().describe("SELinux user.").optional(),
      })
      .describe("SELinux labels.")
      .optional(),
    seccompProfile: profile("Seccomp profile."),
    windowsOptions: z
      .object({
        gmsaCredentialSpec: z.string().describe("Contents of the GMSA credential spec.").optional(),
        gmsaCredentialSpecName: z.string().describe("Name of the GMSA credential spec.").optional(),
        hostProcess: z.boolean().describe("Whether to run as a host process.").optional(),
        runAsUserName: z.string().describe("User name of the process.").optional(),
      })
      .describe("Windows settings.")
      .optional(),
  })
  .describe("Privileges of the container.");

const volumeMount = z
  .object({
    name: z.string().describe("Name of the volume."),
    mountPath: z.string().describe("Where it is mounted in the container."),
    mountPropagation: z.string().describe("How mounts pass between node and container.").optional(),
    readOnly: z.boolean().describe("Whether it cannot be written.").optional(),
    recursiveReadOnly: z.string().describe("Whether that holds for mounts below it.").optional(),
    subPath: z.string().describe("Path within the volume.").optional(),
    subPathExpr: z
      .string()
      .describe("Path within the volume, with `$(VARIABLE)` filled in.")
      .optional(),
  })
  .describe("A volume in the container.");

export const kubernetesContainer = named(
  "KubernetesContainer",
  withRules(
    z.object({
      env: list(envVar).describe("Environment variables to add.").optional(),
      resources: resources.optional(),
      securityContext: securityContext.optional(),
      image: withRules(z.string(), [
        {
          rule: "self.matches('^[a-zA-Z0-9._-]+(:[0-9]+)?(/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9._-]+)?(@sha256:[a-z0-9]+)?$')",
          message: "must be an image reference, as repository:tag or repository@sha256:digest",
        },
      ])
        .describe("Image, tag included, instead of the default one.")
        .optional(),
      imageRepository: withRules(z.string(), [
        {
          rule: "self.matches('^[a-zA-Z0-9._-]+(:[0-9]+)?[a-zA-Z0-9._/-]+$')",
          message: "must be a repository without a tag",
        },
      ])
        .describe("Repository of the image; the tag stays the default one.")
        .optional(),
      volumeMounts: list(volumeMount).describe("Volumes of the pod to mount.").optional(),
    }),
    [
      {
        rule: "!has(self.image) || !has(self.imageRepository)",
        message: "give image or imageRepository, not both",
      },
    ],
  ),
);
