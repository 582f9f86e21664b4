/**
 * Variables of the environment in configuration, with the syntax of the reference: `${NAME}`,
 * `$NAME`, `${NAME-text}` (where unset), `${NAME:-text}` (where unset or empty), `=` and `:=` alike,
 * `${NAME+text}` (where set), and `$$` for a dollar sign. The text may hold variables itself.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Substituted {
  text: string;
  /** Names in `${NAME}` that have neither a value nor a default. They became empty. */
  unset: string[];
  /** How many expressions cannot be read. They stay as they were. */
  malformed: number;
}

const EXPRESSION = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-=+])([\s\S]*))?$/;
const BARE_NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Pure: the text with its variables replaced. */
export function substitute(text: string, env: Environment): Substituted {
  const result: Substituted = { text: "", unset: [], malformed: 0 };
  let at = 0;
  for (;;) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) break;
    result.text += text.slice(at, dollar);
    at = dollar + 1;
    if (text[at] === "$") {
      result.text += "$";
      at++;
    } else if (text[at] === "{") {
      const end = closing(text, dollar);
      const whole = text.slice(dollar, end);
      result.text += expand(whole, env, result);
      at = dollar + whole.length;
    } else {
      const name = nameAt(text, at);
      const value = name && env[name];
      // A name without a value stays: this dollar sign was probably not meant for us.
      result.text += value ?? `$${name ?? ""}`;
      at += name?.length ?? 0;
    }
  }
  result.text += text.slice(at);
  return result;
}

function expand(whole: string, env: Environment, into: Substituted): string {
  const parts = whole.endsWith("}") ? EXPRESSION.exec(whole.slice(2, -1)) : null;
  if (parts === null) {
    into.malformed++;
    return whole;
  }
  const [, name = "", operator, argument = ""] = parts;
  const value = env[name];
  const other = (): string => {
    const { text, unset, malformed } = substitute(argument, env);
    into.unset.push(...unset);
    into.malformed += malformed;
    return text;
  };
  switch (operator) {
    case undefined:
      if (value === undefined) into.unset.push(name);
      return value ?? "";
    case "+":
    case ":+":
      return value === undefined ? "" : other();
    case "-":
    case "=":
      return value ?? other();
    default:
      return value || other();
  }
}

/** Where the expression that starts at `dollar` ends; the end of its line where it is not closed. */
function closing(text: string, dollar: number): number {
  let depth = 0;
  let at = dollar;
  for (; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "$" && text[at + 1] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at + 1;
  }
  return at;
}

function nameAt(text: string, at: number): string | undefined {
  BARE_NAME.lastIndex = at;
  return BARE_NAME.exec(text)?.[0];
}

/** A range of private characters that stand for ASCII while YAML is parsed. */
const MASK = 0xe000;
const MASKED = /[\ue000-\ue07f]/g;

/**
 * Hides expressions from a YAML parser, so that braces, colons and quotes in them are no syntax and
 * they are ordinary text wherever they stand. Lengths, and so all positions, stay the same.
 */
export function mask(source: string): string {
  if (source.search(MASKED) >= 0) return source;
  let masked = "";
  let at = 0;
  for (;;) {
    const dollar = source.indexOf("$", at);
    if (dollar < 0) return masked + source.slice(at);
    masked += source.slice(at, dollar);
    if (source[dollar + 1] === "{") {
      at = closing(source, dollar);
      const expression = source.slice(dollar, at);
      masked += expression.endsWith("}") ? hidden(expression) : expression;
    } else {
      at = dollar + (source[dollar + 1] === "$" ? 2 : 1);
      masked += source.slice(dollar, at);
    }
  }
}

const hidden = (text: string): string =>
  text.replace(/[ -~]/g, (char) => String.fromCharCode(MASK + char.charCodeAt(0)));

/** Undoes `mask` in a piece of the source. */
export const unmask = (text: string): string =>
  text.replace(MASKED, (char) => String.fromCharCode(char.charCodeAt(0) - MASK));
