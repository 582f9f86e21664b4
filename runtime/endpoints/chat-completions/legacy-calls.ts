/**
 * Ids for calls of the API before tools, whose functions are known by name only. A function's
 * message answers the last call of that name.
 */
export class LegacyCalls {
  readonly #byName = new Map<string, string>();
  #count = 0;

  call(name: string): string {
    this.#count += 1;
    const id = `call_${this.#count}`;
    this.#byName.set(name, id);
    return id;
  }

  answer(name: string): string | undefined {
    return this.#byName.get(name);
  }
}
