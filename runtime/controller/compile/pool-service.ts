import { MAX_LABEL, prefixed } from "../../lib/kube-name.ts";
import type { InferencePool } from "../snapshot/foreign.ts";
import { namespaceOf } from "../snapshot/snapshot.ts";
import type { Origin } from "./plan.ts";

/** Name of the headless Service that has an InferencePool's pods as endpoints, in the pool's namespace. */
export const poolServiceName = (pool: string): string =>
  prefixed("ai-eg-pool", pool.replaceAll(".", "-"), MAX_LABEL);

/** What a route's reference to a pool is for Envoy Gateway, which knows no pools. */
export const poolOrigin = ({ metadata, spec }: InferencePool): Omit<Origin, "position"> => ({
  group: "",
  kind: "Service",
  namespace: namespaceOf(metadata),
  name: poolServiceName(metadata.name),
  ...(spec.targetPorts[0] === undefined ? {} : { port: spec.targetPorts[0].number }),
});
