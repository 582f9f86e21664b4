/** Members that may be undefined become members that may be missing. */
export type Present<Shape> = {
  [Key in keyof Shape as undefined extends Shape[Key] ? never : Key]: Shape[Key];
} & {
  [Key in keyof Shape as undefined extends Shape[Key] ? Key : never]?: Exclude<
    Shape[Key],
    undefined
  >;
};

/** The object without the members that are undefined, as exact optional properties want it. */
export function present<Shape extends object>(members: Shape): Present<Shape> {
  // On the path of every chunk: several times as fast as by way of entries.
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(members)) {
    const value = (members as Record<string, unknown>)[name];
    if (value !== undefined) out[name] = value;
  }
  return out as Present<Shape>;
}
