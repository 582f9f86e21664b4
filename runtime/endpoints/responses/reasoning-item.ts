/** Begins the encrypted content of a reasoning item that has no text at all: a model's redacted thinking. */
export const REDACTED = "redacted:";
