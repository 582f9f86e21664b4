/** What a Gateway's status says once Envoy Gateway has taken it up. */
import * as pulumi from "@pulumi/pulumi";
import type { GatewaySettings } from "../args/settings.generated.ts";
import type { Created } from "./kubernetes.ts";
import type { ObjectTemplate } from "./objects/object.ts";

interface GatewayStatus {
  addresses?: { value: string }[];
  conditions?: { type: string; status: string }[];
}

/** Has Pulumi wait until Envoys serve the Gateway, unless the inputs say otherwise. */
export const awaited =
  ({ awaitReady }: GatewaySettings) =>
  (object: ObjectTemplate): ObjectTemplate => {
    if (object.kind !== "Gateway" || awaitReady === false) return object;
    const annotations = {
      ...object.metadata.annotations,
      "pulumi.com/waitFor": "condition=Programmed",
    };
    return { ...object, metadata: { ...object.metadata, annotations } };
  };

/** The status of the Gateway among the objects; undefined where nobody has written one yet. */
export function statusOf(created: readonly Created[]): pulumi.Output<GatewayStatus | undefined> {
  const gateway = created.find(({ object }) => object.kind === "Gateway")?.resource;
  return pulumi.output((gateway as { status?: pulumi.Output<GatewayStatus> } | undefined)?.status);
}

export const addressesIn = (status: GatewayStatus | undefined): string[] =>
  (status?.addresses ?? []).map(({ value }) => value);

export const isProgrammed = (status: GatewayStatus | undefined): boolean =>
  (status?.conditions ?? []).some(
    (condition) => condition.type === "Programmed" && condition.status === "True",
  );
