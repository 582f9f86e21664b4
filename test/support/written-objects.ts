/** What the controller writes, for tests: from YAML, and looked at. */
import { compile } from "../../runtime/controller/compile/compile.ts";
import { desiredObjects } from "../../runtime/controller/objects/desired.ts";
import type { KubeObject } from "../../runtime/controller/objects/kube-object.ts";
import type { Snapshot } from "../../runtime/controller/snapshot/snapshot.ts";
import { snapshot } from "./yaml-resources.ts";

/** What the controller writes for these resources. */
export const objectsOf = (input: Snapshot): KubeObject[] =>
  desiredObjects(input, compile(input), { rootPrefix: "/", extProc: [] });

export const objects = (...texts: string[]): KubeObject[] => objectsOf(snapshot(...texts));

/** @throws where it is not among them. */
export const named = (all: readonly KubeObject[], kind: string, name: string): KubeObject => {
  const found = all.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) {
    throw new Error(`no ${kind} ${name} among ${all.map((o) => `${o.kind} ${o.metadata.name}`)}`);
  }
  return found;
};

interface Rule {
  name?: string;
  matches: { path: object; headers?: object[] }[];
  filters: { extensionRef: { name: string } }[];
  backendRefs?: { name: string; namespace?: string; weight: number; port?: number }[];
  timeouts?: { request?: string };
}
/** Rules of the HTTPRoute of a route. */
export const rulesOf = (all: readonly KubeObject[], name = "r"): Rule[] =>
  (named(all, "HTTPRoute", name).spec as { rules: Rule[] }).rules;
