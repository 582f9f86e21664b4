import { badUpstream } from "../../../lib/errors.ts";
import { present } from "../../../lib/present.ts";
import { jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { request } from "./request.ts";

/**
 * The ranking API, which a backend at discoveryengine.googleapis.com serves, for all locations in
 * one. https://docs.cloud.google.com/generative-ai-app-builder/docs/ranking
 */
export const vertexRerank: TaskProvider<"rerank"> = {
  encode({ model, query, documents, top, maxTokensPerDocument, unknown }, { prefix }) {
    const dropped = new Set(unknown);
    if (maxTokensPerDocument !== undefined) dropped.add("max_tokens_per_doc");
    const body = {
      model,
      query,
      records: documents.map((content, index) => ({ id: String(index), content })),
      ignoreRecordDetailsInResponse: true,
      ...present({ topN: top }),
    };
    const everywhere = prefix.replace(/\/locations\/[^/]+$/, "/locations/global");
    return request(everywhere, "rankingConfigs/default_ranking_config:rank", body, dropped);
  },
  decode(body, { documents }) {
    const records = jsonAnswer(body).get("records").items();
    return {
      results: records.map((record) => {
        const index = Number(record.get("id").string());
        if (!(index in documents)) throw badUpstream(`the provider's ${record.path}.id is unknown`);
        // A score of 0 is left out, as protobuf has it.
        const score = record.get("score");
        return { index, score: score.value === undefined ? 0 : score.number() };
      }),
    };
  },
};
