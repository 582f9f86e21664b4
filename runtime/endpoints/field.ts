import { type UserError, unprocessable } from "../lib/errors.ts";

/**
 * A value in a client's body together with its place there, `messages[2].content[0].type`: so that
 * every error names the field at fault without anyone passing names around. A member that is null
 * counts as absent, as the APIs themselves have it.
 */
export class Field {
  readonly path: string;
  readonly #value: unknown;
  readonly #reads: Reads;

  constructor(value: unknown, path = "", reads: Reads = new Map()) {
    this.#value = value;
    this.path = path;
    this.#reads = reads;
  }

  /** The value as it is: whoever asks for an object this way takes all that is in it. */
  get value(): unknown {
    if (typeof this.#value === "object" && this.#value !== null) this.#take(this.#value).all = true;
    return this.#value;
  }

  get absent(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  /**
   * Members that nobody has asked for, of objects of which some member was: `messages[].name`. So
   * that what a decoder has no place for cannot vanish. Members of this object itself are not among
   * them, as decoders keep those that they do not know.
   */
  unread(): string[] {
    const names = new Set<string>();
    for (const [object, { path, keys, all }] of this.#reads) {
      if (all || object === this.#value) continue;
      for (const [key, value] of Object.entries(object)) {
        if (keys.has(key) || key === "type" || isNothing(value)) continue;
        names.add(`${path}.${key}`.replace(/\[\d+\]/g, "[]"));
      }
    }
    return [...names];
  }

  /** @param wanted what would have been right: "a string", "one of a, b" */
  wrong(wanted: string): UserError {
    return unprocessable(`${this.path}: ${wanted} is needed`, this.path);
  }

  /** A member of this object. @throws {UserError} 422 when this is no object */
  get(name: string): Field {
    const object = this.#object();
    this.#take(object).keys.add(name);
    const path = this.path === "" ? name : `${this.path}.${name}`;
    return new Field(object[name], path, this.#reads);
  }

  /** What `read` makes of the value; undefined when it is absent. */
  optional<Value>(read: (field: Field) => Value): Value | undefined {
    return this.absent ? undefined : read(this);
  }

  /** All of an object. @throws {UserError} 422 when this is no object */
  record(): Record<string, unknown> {
    const object = this.#object();
    this.#take(object).all = true;
    return object;
  }

  /** Members that are none of these and not null, as they are. */
  others(known: ReadonlySet<string>): [name: string, value: unknown][] {
    return Object.entries(this.record()).filter(
      ([name, value]) => !known.has(name) && value !== null,
    );
  }

  /** One text, or a list of them. */
  strings(): string[] {
    return Array.isArray(this.#value) ? this.items().map((item) => item.string()) : [this.string()];
  }

  items(): Field[] {
    if (!Array.isArray(this.#value)) throw this.wrong("an array");
    return this.#value.map((item, index) => new Field(item, `${this.path}[${index}]`, this.#reads));
  }

  string(): string {
    if (typeof this.#value !== "string") throw this.wrong("a string");
    return this.#value;
  }

  nonEmptyString(): string {
    if (typeof this.#value !== "string" || this.#value === "") {
      throw this.wrong("a string that is not empty");
    }
    return this.#value;
  }

  boolean(): boolean {
    if (typeof this.#value !== "boolean") throw this.wrong("true or false");
    return this.#value;
  }

  number(): number {
    if (typeof this.#value !== "number") throw this.wrong("a number");
    return this.#value;
  }

  integer(least = Number.MIN_SAFE_INTEGER): number {
    if (!Number.isSafeInteger(this.#value) || (this.#value as number) < least) {
      throw this.wrong(
        least === Number.MIN_SAFE_INTEGER ? "an integer" : `an integer of at least ${least}`,
      );
    }
    return this.#value as number;
  }

  oneOf<const Value extends string>(values: readonly Value[]): Value {
    const value = values.find((known) => known === this.#value);
    if (value === undefined) throw this.wrong(`one of ${values.join(", ")}`);
    return value;
  }

  #object(): Record<string, unknown> {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.wrong("an object");
    }
    return value as Record<string, unknown>;
  }

  #take(object: object): Read {
    const known = this.#reads.get(object);
    if (known !== undefined) return known;
    const fresh: Read = { path: this.path, keys: new Set(), all: false };
    this.#reads.set(object, fresh);
    return fresh;
  }
}

/** As a conversation tells of them. */
export const lostOf = (names: string[]): { lost?: string[] } =>
  names.length === 0 ? {} : { lost: names };

/** Nothing is lost with it. */
const isNothing = (value: unknown): boolean =>
  value === null || (Array.isArray(value) && value.length === 0);

/** What was asked for of an object: some members, or all. */
interface Read {
  path: string;
  keys: Set<string>;
  all: boolean;
}
type Reads = Map<object, Read>;
