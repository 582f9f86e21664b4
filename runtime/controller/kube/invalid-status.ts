import { conditionsOf, fails } from "../status/conditions.ts";
import type { StatusUpdate } from "../status/types.ts";
import type { InvalidObject } from "./store.ts";

/** The status of objects that this version's schema refuses: nothing else of them is looked at. Pure. */
export const invalidStatus = ({ item, problems }: InvalidObject): StatusUpdate => {
  const [first, ...others] = problems;
  const where = first === undefined || first.path === "" ? "" : `${first.path} `;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  const verdict = fails("Invalid", `${where}${first?.message ?? "is not valid"}${more}`);
  const { generation } = item.metadata;
  return {
    apiVersion: item.apiVersion,
    kind: item.kind,
    namespace: item.metadata.namespace ?? "",
    name: item.metadata.name,
    generation: typeof generation === "number" ? generation : 0,
    conditions: conditionsOf({ accepted: verdict, resolvedRefs: verdict, programmed: verdict }),
  };
};
