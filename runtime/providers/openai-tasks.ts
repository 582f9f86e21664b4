import type { ProviderRequest } from "../conversation/codec.ts";
import { usageOf } from "../conversation/openai/usage.ts";
import { present } from "../lib/present.ts";
import { type Answer, jsonAnswer } from "../tasks/read.ts";
import type { TaskProvider } from "../tasks/task.ts";
import type { ApiPath } from "./openai-api.ts";

const asked = (path: string, body: object, dropped: Iterable<string>): ProviderRequest => ({
  path,
  body: Buffer.from(JSON.stringify(body)),
  headers: [["content-type", "application/json"]],
  dropped: [...dropped],
});

/** What clients of Cohere's want, by https://platform.openai.com/docs/api-reference/embeddings */
export const openAiEmbeddings = (pathOf: ApiPath): TaskProvider<"embeddings"> => ({
  encode({ model, inputs, dimensions, truncate, unknown }, context) {
    const dropped = new Set(unknown);
    // Every vector is for every purpose here.
    if (inputs.some(({ purpose }) => purpose !== undefined)) dropped.add("input_type");
    if (inputs.some(({ title }) => title !== undefined)) dropped.add("title");
    if (truncate === "start" || truncate === "end") dropped.add("truncate");
    const body = {
      model,
      input: inputs.map(({ text }) => text),
      encoding_format: "float",
      ...present({ dimensions }),
    };
    return asked(pathOf(context, "embeddings", model), body, dropped);
  },
  decode(body) {
    const answer = jsonAnswer(body);
    const vectors: number[][] = [];
    for (const [at, item] of answer.get("data").items().entries()) {
      vectors[item.get("index").count() ?? at] = item.get("embedding").numbers();
    }
    return { vectors, ...modelAndUsage(answer) };
  },
});

/** Jina's API, which vLLM and others have beside OpenAI's. */
export const plainRerank = (pathOf: ApiPath): TaskProvider<"rerank"> => ({
  encode({ model, query, documents, top, maxTokensPerDocument, unknown }, context) {
    const dropped = new Set(unknown);
    if (maxTokensPerDocument !== undefined) dropped.add("max_tokens_per_doc");
    const body = { model, query, documents, ...present({ top_n: top }) };
    return asked(pathOf(context, "rerank", model), body, dropped);
  },
  decode(body) {
    const answer = jsonAnswer(body);
    return {
      results: answer
        .get("results")
        .items()
        .map((result) => ({
          index: result.get("index").number(),
          score: result.get("relevance_score").number(),
        })),
      ...present({ id: answer.get("id").text() }),
      ...modelAndUsage(answer),
    };
  },
});

function modelAndUsage(answer: Answer) {
  const counts = answer.get("usage");
  const usage = usageOf({
    prompt_tokens: counts.get("prompt_tokens").count(),
    total_tokens: counts.get("total_tokens").count(),
  });
  return present({
    model: answer.get("model").text(),
    usage: Object.keys(usage).length === 0 ? undefined : usage,
  });
}
