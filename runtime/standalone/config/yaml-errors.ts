import type { ErrorCode } from "yaml";

/**
 * What is wrong with the YAML, in words without any of its content: the parser's own messages quote
 * it, and a broken document may be a Secret.
 */
const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: "an alias (*name) without an anchor (&name) before it; quote text that starts with *",
  BAD_DIRECTIVE: "a line that starts with % is a directive of YAML, and this one is none",
  BAD_DQ_ESCAPE: "an unknown escape in double quotes; write \\\\ for a backslash, or use '…'",
  BAD_INDENT: "wrong indentation",
  BAD_SCALAR_START: "text cannot start with this character; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: "a nested mapping must start on a line of its own",
  BLOCK_IN_FLOW: "inside [ ] and { } there can be no indented blocks",
  DUPLICATE_KEY: "a key stands twice in the same mapping; remove one",
  MISSING_CHAR: "a character is missing, such as a closing quote or bracket or a comma",
  MULTILINE_IMPLICIT_KEY: "a key must stand on one line, followed by a colon and a space",
  TAB_AS_INDENT: "tabs cannot indent; use spaces",
  TAG_RESOLVE_FAILED: "an unknown tag (!…); remove it",
  UNEXPECTED_TOKEN: "something stands where it cannot; is a quote, a colon or a dash out of place?",
};

/** How to tell a syntax error to its author. */
export const syntaxError = (code: ErrorCode): string => WORDS[code] ?? `not valid YAML (${code})`;
