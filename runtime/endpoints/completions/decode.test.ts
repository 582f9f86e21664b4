import { decodeCompletionRequest } from "./decode.ts";

const decoded = (body: object) =>
  decodeCompletionRequest({ model: "m", stream: false, body: { model: "m", ...body } });

test("a prompt is what a user says, as a text or as the one of a list", () => {
  const said = [{ role: "user", content: [{ type: "text", text: "Hi" }] }];
  expect(decoded({ prompt: "Hi" }).turns).toEqual(said);
  expect(decoded({ prompt: ["Hi"], suffix: "", echo: true }).turns).toEqual(said);
});

test("the likeliest of several is not chosen, which is told", () => {
  expect(decoded({ prompt: "Hi", best_of: 3, n: 3 }).lost).toBeUndefined();
  expect(decoded({ prompt: "Hi", best_of: 3, n: 2 }).lost).toEqual(["best_of"]);
});

test.each([
  ["no prompt", {}, "prompt"],
  ["no text in the list", { prompt: [] }, "prompt"],
  ["several", { prompt: ["a", "b"] }, "one by one"],
  ["tokens", { prompt: [1, 2] }, "not tokens"],
  ["lists of tokens", { prompt: [[1, 2]] }, "not tokens"],
  ["a gap", { prompt: "a", suffix: "b" }, "suffix"],
  ["how likely the prompt is", { prompt: "a", echo: true, logprobs: 0 }, "echo"],
])("%s: refused", (_, body, says) => {
  expect(() => decoded(body)).toThrow(expect.objectContaining({ status: 422 }));
  expect(() => decoded(body)).toThrow(says);
});
