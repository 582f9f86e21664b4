/** The names in an `anthropic-beta` header. https://docs.anthropic.com/en/api/beta-headers */
export const betaNames = (header: string | undefined): string[] =>
  (header ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
