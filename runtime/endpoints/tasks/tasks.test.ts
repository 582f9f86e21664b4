import { UserError } from "../../lib/errors.ts";
import type { Tasks } from "../../tasks/task.ts";
import { endpointById } from "../registry.ts";

function decode<Name extends keyof Tasks>(id: string, body: object): Tasks[Name]["request"] {
  const endpoint = endpointById(id);
  if (endpoint?.task === undefined) throw new Error(`${id} has no task`);
  const raw = Buffer.from(JSON.stringify({ model: "m", ...body }));
  return endpoint.task.decode(endpoint.parse(raw)) as Tasks[Name]["request"];
}

const refusal = (id: string, body: object): UserError => {
  try {
    decode(id, body);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it was not refused");
};

test("embeddings: texts, lists, texts with a purpose; what is unknown is named", () => {
  expect(decode("embeddings", { input: "a" })).toEqual({
    model: "m",
    inputs: [{ text: "a" }],
    encoding: "float",
    unknown: [],
  });
  const { inputs, unknown, truncate } = decode<"embeddings">("embeddings", {
    input: ["a", { content: ["b", "c"], task_type: "CLUSTERING", title: "t" }],
    auto_truncate: false,
    fancy: 1,
    nothing: null,
  });
  expect(inputs).toEqual([
    { text: "a" },
    { text: "b", purpose: "CLUSTERING", title: "t" },
    { text: "c", purpose: "CLUSTERING", title: "t" },
  ]);
  expect(unknown).toEqual(["fancy"]);
  expect(truncate).toBe("none");
});

test.each([
  ["embeddings", {}, "input"],
  ["embeddings", { input: [] }, "input"],
  ["embeddings", { input: [1, 2] }, "input"],
  ["embeddings", { input: [[1]] }, "input"],
  ["embeddings", { input: [""] }, "input[0]"],
  ["embeddings", { input: "a", dimensions: 0 }, "dimensions"],
  ["embeddings", { input: "a", encoding_format: "hex" }, "encoding_format"],
  ["embeddings", { input: { content: "a", task_type: "DREAM" } }, "input.task_type"],
  ["embed", { texts: ["a"] }, "input_type"],
  ["embed", { texts: [], input_type: "search_query" }, "texts"],
  ["embed", { images: ["a"], input_type: "search_query" }, "images"],
  [
    "embed",
    { texts: ["a"], input_type: "search_query", embedding_types: ["int8"] },
    "embedding_types[0]",
  ],
  ["rerank", { query: "q", documents: [] }, "documents"],
  ["rerank", { query: "", documents: ["a"] }, "query"],
  ["plain-rerank", { query: "q", documents: [{ image: "x" }] }, "documents[0].text"],
  ["plain-rerank", { query: "q", documents: ["a"], top_n: 0 }, "top_n"],
  ["tokenize", {}, "prompt"],
  ["tokenize", { prompt: "a", messages: [{ role: "user", content: "a" }] }, "prompt"],
  ["tokenize", { prompt: "a", return_token_strs: true }, "return_token_strs"],
  ["count-tokens", { messages: [] }, "messages"],
])("%s %j is refused for its %s", (id, body, param) => {
  const error = refusal(id, body);
  expect(error.status).toBe(422);
  expect(error.param).toBe(param);
});

test("a count needs no limit of an answer, and has none", () => {
  const { conversation } = decode<"count">("count-tokens", {
    messages: [{ role: "user", content: "a" }],
  });
  expect(conversation).not.toHaveProperty("maxTokens");
  expect(conversation.turns).toHaveLength(1);
});

test("vLLM's ways of filling a template are left to the provider", () => {
  const { conversation } = decode<"count">("tokenize", {
    messages: [{ role: "user", content: "a" }],
    add_generation_prompt: false,
    add_special_tokens: true,
  });
  expect(conversation.vendor).toEqual({});
});

test("a model whose name is no text is refused", () => {
  const raw = Buffer.from('{"model":"a\\ud800","input":"x"}');
  expect(() => endpointById("embeddings")?.parse(raw)).toThrow("no valid Unicode text");
});
