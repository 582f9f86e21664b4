import { type UserError, unprocessable } from "../lib/errors.ts";

/**
 * A value in a client's body together with its place there, `messages[2].content[0].type`: so that
 * every error names the field at fault without anyone passing names around. A member that is null
 * counts as absent, as the APIs themselves have it.
 */
export class Field {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path = "") {
    this.value = value;
    this.path = path;
  }

  get absent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** @param wanted what would have been right: "a string", "one of a, b" */
  wrong(wanted: string): UserError {
    return unprocessable(`${this.path}: ${wanted} is needed`, this.path);
  }

  /** A member of this object. @throws {UserError} 422 when this is no object */
  get(name: string): Field {
    return new Field(this.record()[name], this.path === "" ? name : `${this.path}.${name}`);
  }

  /** What `read` makes of the value; undefined when it is absent. */
  optional<Value>(read: (field: Field) => Value): Value | undefined {
    return this.absent ? undefined : read(this);
  }

  record(): Record<string, unknown> {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      throw this.wrong("an object");
    }
    return this.value as Record<string, unknown>;
  }

  items(): Field[] {
    if (!Array.isArray(this.value)) throw this.wrong("an array");
    return this.value.map((item, index) => new Field(item, `${this.path}[${index}]`));
  }

  string(): string {
    if (typeof this.value !== "string") throw this.wrong("a string");
    return this.value;
  }

  nonEmptyString(): string {
    if (typeof this.value !== "string" || this.value === "") {
      throw this.wrong("a string that is not empty");
    }
    return this.value;
  }

  boolean(): boolean {
    if (typeof this.value !== "boolean") throw this.wrong("true or false");
    return this.value;
  }

  number(): number {
    if (typeof this.value !== "number") throw this.wrong("a number");
    return this.value;
  }

  integer(least = Number.MIN_SAFE_INTEGER): number {
    if (!Number.isSafeInteger(this.value) || (this.value as number) < least) {
      throw this.wrong(
        least === Number.MIN_SAFE_INTEGER ? "an integer" : `an integer of at least ${least}`,
      );
    }
    return this.value as number;
  }

  oneOf<const Value extends string>(values: readonly Value[]): Value {
    const value = values.find((known) => known === this.value);
    if (value === undefined) throw this.wrong(`one of ${values.join(", ")}`);
    return value;
  }
}
