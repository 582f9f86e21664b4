import type { Condition, StatusUpdate } from "../status/types.ts";

/** A condition as it stands in the cluster. */
export interface WrittenCondition extends Condition {
  observedGeneration: number;
  lastTransitionTime: string;
}

/** Who wrote a part of a status that several write. */
const CONTROLLER_NAME = "aigateway.envoyproxy.io/controller";
const GATEWAY_API = "gateway.networking.k8s.io";

interface Parent {
  parentRef: { group?: string; kind?: string; namespace?: string; name: string };
  controllerName?: string;
  conditions?: WrittenCondition[];
}
interface Status {
  conditions?: WrittenCondition[];
  parents?: Parent[];
}

const isOurs = ({ controllerName }: Parent): boolean => controllerName === CONTROLLER_NAME;
/** What the definition of the kind puts there until somebody writes. */
const isPlaceholder = ({ parentRef }: Parent): boolean => parentRef.kind === "Status";

/** Our conditions in a status; none where they stand under other parents than they are to. */
export function conditionsIn(status: unknown, { parents }: StatusUpdate): WrittenCondition[] {
  const known = (status ?? {}) as Status;
  if (parents === undefined) return known.conditions ?? [];
  const ours = (known.parents ?? []).filter(isOurs);
  const names = ours.map(({ parentRef }) => `${parentRef.namespace}/${parentRef.name}`).sort();
  const held = ours[0]?.conditions ?? [];
  // Where all are to go, any that is left counts.
  return parents.length === 0 || names.join() === parents.join() ? held : [];
}

/** The status with our conditions in it; what others have written under parents stays. */
export function statusWith(
  conditions: readonly WrittenCondition[],
  { parents }: StatusUpdate,
  before: unknown,
): object {
  if (parents === undefined) return { conditions };
  const others = (((before ?? {}) as Status).parents ?? []).filter(
    (parent) => !isOurs(parent) && !isPlaceholder(parent),
  );
  const ours = parents.map((gateway): object => {
    const [namespace = "", name = ""] = gateway.split("/");
    return {
      parentRef: { group: GATEWAY_API, kind: "Gateway", namespace, name },
      controllerName: CONTROLLER_NAME,
      conditions,
    };
  });
  return { parents: [...others, ...ours] };
}
