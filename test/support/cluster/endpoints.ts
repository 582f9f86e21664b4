import type { KubeObject } from "../kube/client.ts";

interface Slice extends KubeObject {
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[];
}

/** Addresses of a Service by its EndpointSlices, in order; of those not ready as well where asked for. */
export function addressesOf(
  { metadata }: Pick<KubeObject, "metadata">,
  slices: Iterable<KubeObject>,
  options: { notReady?: boolean } = {},
): string[] {
  const addresses = new Set<string>();
  for (const slice of slices) {
    const labels = slice.metadata.labels as Record<string, string> | undefined;
    if (slice.metadata.namespace !== metadata.namespace) continue;
    if (labels?.["kubernetes.io/service-name"] !== metadata.name) continue;
    for (const { addresses: own, conditions } of (slice as Slice).endpoints ?? []) {
      if (!options.notReady && conditions?.ready === false) continue;
      for (const address of own) addresses.add(address);
    }
  }
  return [...addresses].sort();
}
