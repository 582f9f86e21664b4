import { parseMessages } from "./parse.ts";

const parsed = (body: object, betas?: string) =>
  parseMessages(Buffer.from(JSON.stringify({ model: "m", ...body })), {
    headers: (name) => (name === "anthropic-beta" ? betas : undefined),
  }).body.anthropic_beta;

test("betas of the header and of the body come together, each once", () => {
  expect(parsed({})).toBeUndefined();
  expect(parsed({ anthropic_beta: ["a"] })).toEqual(["a"]);
  expect(parsed({}, "a, b,")).toEqual(["a", "b"]);
  expect(parsed({ anthropic_beta: ["a", "c"] }, "a,b")).toEqual(["a", "c", "b"]);
});
