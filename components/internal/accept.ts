import * as pulumi from "@pulumi/pulumi";
import { type ComponentName, componentInputs } from "../inputs/args.ts";
import { withDefaults } from "./defaults.ts";
import { resolved, type Settled, settle } from "./inputs.ts";
import { type Finding, schemaFindings, told, within } from "./judge.ts";

/** Inputs that a component can work with. */
export interface Accepted<A> {
  /** With defaults. */
  inputs: A;
  /**
   * For `dependsOn`: settles when outputs among the inputs are known and right, or as far as preview
   * knows them. It fails where they are wrong, so that no object is created from them.
   */
  checked: Promise<pulumi.Resource[]>;
}

/** Judges inputs that the schema found nothing wrong with; paths of holes are left out later. */
export type Judge<A> = (inputs: A) => { errors: Finding[]; warnings: Finding[] };

/**
 * Components whose inputs were judged. What they hand on to their children is not judged again: it
 * would be found twice, the second time with a path that the user did not write. Children wait for
 * their parent, and so for its judgement.
 */
const judged = new WeakSet<pulumi.Resource>();

/**
 * Judges a component's inputs: at once what is known, and outputs as soon as they are.
 *
 * @throws {pulumi.ResourceError} that names every input at fault.
 */
export function accept<A>(
  component: pulumi.ComponentResource,
  kind: ComponentName,
  name: string,
  args: A,
  opts: pulumi.ComponentResourceOptions | undefined,
  judge?: Judge<A>,
): Accepted<A> {
  if (opts?.parent !== undefined && judged.has(opts.parent)) {
    return { inputs: withDefaults(componentInputs[kind], args), checked: Promise.resolve([]) };
  }
  judged.add(component);
  const what = `${kind} "${name}"`;
  const schema = componentInputs[kind];
  const verify = (settled: Settled): void => {
    const found = findings(kind, settled, judge);
    if (found.errors.length > 0) {
      throw new pulumi.ResourceError(told(what, found.errors), component, true);
    }
    for (const warning of found.warnings) {
      void pulumi.log.warn(told(what, [warning]), component);
    }
  };
  const settled = settle(args ?? {});
  verify(settled);
  const checked =
    settled.holes.length === 0
      ? Promise.resolve([])
      : resolved(args).then((value) => {
          verify(settle(value));
          return [];
        });
  return { inputs: withDefaults(schema, args ?? ({} as A)), checked };
}

/** Everything wrong or odd with settled inputs. */
export function findings<A>(
  kind: ComponentName,
  settled: Settled,
  judge?: Judge<A>,
): { errors: Finding[]; warnings: Finding[] } {
  const schema = componentInputs[kind];
  const errors = schemaFindings(schema, settled);
  if (errors.length > 0 || judge === undefined) return { errors, warnings: [] };
  const judged = judge(withDefaults(schema, settled.value as A));
  const known = (finding: Finding): boolean =>
    !settled.holes.some((hole) => within(hole, finding.path));
  return { errors: judged.errors.filter(known), warnings: judged.warnings.filter(known) };
}
