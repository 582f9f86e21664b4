import { DEFAULT_PREFIXES, endpointPath, parsePrefixes } from "./prefixes.ts";

const messages = { family: "anthropic", path: "/v1/messages" } as const;

test("paths stand below root and family prefix, with single slashes", () => {
  expect(endpointPath(messages)).toBe("/anthropic/v1/messages");
  expect(endpointPath({ family: "openai", path: "/v1/models" })).toBe("/v1/models");
  expect(endpointPath(messages, { ...DEFAULT_PREFIXES, root: "/ai/" })).toBe(
    "/ai/anthropic/v1/messages",
  );
});

test("prefixes are read by family", () => {
  expect(endpointPath(messages, parsePrefixes("anthropic:/claude"))).toBe("/claude/v1/messages");
  expect(parsePrefixes(" openai:/ , cohere:/c ").families).toEqual({
    openai: "/",
    anthropic: "/anthropic",
    cohere: "/c",
    gemini: "/",
  });
});

test.each(["", "openai", "google:/x", "openai:"])("%p is refused", (text) =>
  expect(() => parsePrefixes(text)).toThrow("is not a prefix"),
);
