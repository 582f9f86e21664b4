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
export const present = <Shape extends object>(members: Shape): Present<Shape> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<Shape>;
