/** What the cases of Vertex AI ask and answer is what Google publishes: no field that is not there. */
import { endpoints } from "../../../runtime/endpoints/registry.ts";
import { parseMessage } from "../../support/standins/google/published.ts";
import { loadCases } from "./cases.ts";

/** By the method at the end of the path; what follows `predict` is any model's own. */
const MESSAGES: Readonly<Record<string, string>> = {
  generateContent: "GenerateContent",
  streamGenerateContent: "GenerateContent",
  countTokens: "CountTokens",
  embedContent: "EmbedContent",
  predict: "Predict",
  rank: "Rank",
};

const vertex = loadCases().get("GCPVertexAI");
const cases = endpoints.flatMap(({ id }) =>
  (vertex?.exchanges(id) ?? []).map(({ name, content }) => ({ name: `${id} ${name}`, content })),
);

test("there are cases", () => expect(cases.length).toBeGreaterThan(8));

test.each(cases)("$name", ({ content: { upstream, whole, stream } }) => {
  const message = MESSAGES[/:(\w+)(\?|$)/.exec(upstream.path)?.[1] ?? ""];
  if (message === undefined) throw new Error(`no message for ${upstream.path}`);
  // In Google's own spelling: parsing changes nothing.
  if (upstream.body !== undefined) {
    expect(parseMessage(`${message}Request`, upstream.body)).toEqual(upstream.body);
  }
  if (whole !== undefined) parseMessage(`${message}Response`, whole.answer);
  for (const { data } of stream?.answer ?? []) {
    if (Object(data).error === undefined) parseMessage(`${message}Response`, data);
  }
});
