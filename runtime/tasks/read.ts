import { badUpstream } from "../lib/errors.ts";

/** A provider's answer as JSON. @throws {UserError} 502 */
export function jsonAnswer(body: Buffer): Answer {
  try {
    return new Answer(JSON.parse(body.toString("utf8")), "answer");
  } catch {
    throw badUpstream("the provider's answer is not valid JSON");
  }
}

/**
 * A value in a provider's answer together with its place there, so that what is missing or of the
 * wrong kind becomes an error that names it.
 */
export class Answer {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  /** A member; its value is undefined where there is none. */
  get(name: string): Answer {
    const { value } = this;
    const has = typeof value === "object" && value !== null && Object.hasOwn(value, name);
    const member = has ? (value as Record<string, unknown>)[name] : undefined;
    return new Answer(member, `${this.path}.${name}`);
  }

  items(): Answer[] {
    if (!Array.isArray(this.value)) throw this.wrong("an array");
    return this.value.map((item, index) => new Answer(item, `${this.path}[${index}]`));
  }

  string(): string {
    if (typeof this.value !== "string") throw this.wrong("a string");
    return this.value;
  }

  number(): number {
    if (typeof this.value !== "number") throw this.wrong("a number");
    return this.value;
  }

  /** A vector, checked as a whole: there may be thousands of numbers. */
  numbers(): number[] {
    const { value } = this;
    if (!Array.isArray(value) || !value.every((item) => typeof item === "number")) {
      throw this.wrong("an array of numbers");
    }
    return value;
  }

  text(): string | undefined {
    return typeof this.value === "string" && this.value !== "" ? this.value : undefined;
  }

  count(): number | undefined {
    const { value } = this;
    return typeof value === "number" && Number.isFinite(value) && value >= 0
      ? Math.floor(value)
      : undefined;
  }

  wrong(wanted: string) {
    return badUpstream(`the provider's ${this.path} is not ${wanted}`);
  }
}
