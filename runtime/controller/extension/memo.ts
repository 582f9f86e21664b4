/**
 * Results by name, kept while neither bytes nor what else they depend on changed. Dependencies are
 * compared by identity.
 */
export class Memo<Value> {
  readonly #entries = new Map<
    string,
    { input: Uint8Array; dependencies: readonly unknown[]; value: Value }
  >();
  readonly #limit: number;

  /** @param limit Entries above which all are forgotten: names come and go. */
  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  get(
    name: string,
    input: Uint8Array,
    dependencies: readonly unknown[],
    compute: () => Value,
  ): Value {
    const known = this.#entries.get(name);
    if (
      known !== undefined &&
      known.dependencies.length === dependencies.length &&
      known.dependencies.every((each, index) => each === dependencies[index]) &&
      Buffer.compare(known.input, input) === 0
    ) {
      return known.value;
    }
    const value = compute();
    if (this.#entries.size >= this.#limit) this.#entries.clear();
    // A copy: the input is a view of a whole message, which would stay in memory with it.
    this.#entries.set(name, { input: Buffer.from(input), dependencies, value });
    return value;
  }
}
