import * as pulumi from "@pulumi/pulumi";

/** A value that may come later. */
type Later<T> = pulumi.Input<T>;

export const isLater = (value: unknown): boolean =>
  pulumi.Output.isInstance(value) || value instanceof Promise;

/**
 * Computes with values some of which may come later. Where all are there, so is the outcome: a
 * manifest without outputs stays plain.
 */
export function derive<const T extends readonly unknown[], U>(
  values: { [K in keyof T]: Later<T[K]> },
  compute: (...values: T) => U,
): Later<U> {
  const list = values as readonly unknown[];
  if (!list.some(isLater)) return compute(...(list as unknown as T));
  return pulumi.all([...list]).apply((known) => compute(...(known as unknown as T)));
}

/** An object without the fields that are undefined. */
export function compact<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** Where a value within the inputs is not known yet. */
export type Path = (string | number)[];

/** Stands in for a value that is not known yet. */
const HOLE = "unknown-until-apply";

/** Whether a value of settled inputs stands in for one that is not known yet. */
export const isHole = (value: unknown): boolean => value === HOLE;

/** Whether a text complains of such a value. */
export const tellsOfHole = (text: string): boolean => text.includes(HOLE);

/** A copy of the inputs in which what is not known yet is a text, and the paths of those. */
export interface Settled {
  value: unknown;
  holes: Path[];
}

export function settle(inputs: unknown): Settled {
  const holes: Path[] = [];
  const visit = (value: unknown, path: Path): unknown => {
    if (isLater(value) || pulumi.isUnknown(value)) {
      holes.push(path);
      return HOLE;
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, visit(field, [...path, name])]),
    );
  };
  return { value: visit(inputs, []), holes };
}

/** The inputs once outputs are resolved; what preview cannot know is Pulumi's unknown value. */
export async function resolved(inputs: unknown): Promise<unknown> {
  if (isLater(inputs)) return whenKnown(pulumi.output(inputs));
  if (Array.isArray(inputs)) return Promise.all(inputs.map(resolved));
  if (typeof inputs !== "object" || inputs === null) return inputs;
  const entries = Object.entries(inputs).map(async ([name, field]) => [
    name,
    await resolved(field),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** The SDK calls back with unknown values too where it is asked to, as `pulumi.all` itself does. */
function whenKnown(output: pulumi.Output<unknown>): Promise<unknown> {
  type Internal = {
    apply(run: (value: unknown) => void, runWithUnknowns: boolean): pulumi.Output<void>;
  };
  return new Promise((resolve, reject) => {
    const watched = (output as unknown as Internal).apply(resolve, true);
    settledOutput(watched).catch(reject);
  });
}

/** When an output has its value, known or not. @throws what its resource was refused for. */
export const settledOutput = (output: pulumi.Output<unknown>): Promise<unknown> =>
  (output as unknown as { promise(): Promise<unknown> }).promise();
