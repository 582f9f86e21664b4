import { endpoints } from "../../../runtime/endpoints/registry.ts";
import { providers, support } from "../../../runtime/providers/registry.ts";
import { ITEMS, loadAnswer, WORDS_OF } from "../providers/answers.ts";
import { loadCases, type WireEvent } from "../providers/cases.ts";
import { attempt, hear, pairOf } from "../providers/exchange.ts";
import { questionFor } from "../providers/questions.ts";
import { framingOf } from "../providers/scripts.ts";
import { frame, readSse } from "../providers/wire.ts";
import type { WireTypes } from "./wire-types.ts";

/** Cohere's SDK has other names in its types than travel, and readers of its own. */
type GoldenType = keyof WireTypes | "Cohere answer" | "Cohere event";

/** Something of the cases, and which of the SDKs' types it has to be. */
export interface Golden {
  name: string;
  type: GoldenType;
  value: unknown;
}

/** By schema, of requests that converse. Vertex AI's are held to what Google publishes, Cohere's to its SDK's own reader. */
const REQUESTS: Readonly<Record<string, keyof WireTypes>> = {
  OpenAI: "OpenAI request",
  AzureOpenAI: "OpenAI request",
  Anthropic: "Anthropic request",
  AWSAnthropic: "cloud request",
  GCPAnthropic: "cloud request",
  AWSBedrock: "Bedrock request",
};

const ANSWERS: Readonly<Record<string, { whole: GoldenType; event?: GoldenType }>> = {
  "chat-completions": { whole: "chat answer", event: "chat event" },
  completions: { whole: "completion answer", event: "completion answer" },
  messages: { whole: "message answer", event: "message event" },
  responses: { whole: "response answer", event: "response event" },
  "generate-content": { whole: "content answer", event: "content answer" },
  "cohere-chat": { whole: "Cohere answer", event: "Cohere event" },
  embeddings: { whole: "embeddings answer" },
  "image-generations": { whole: "images answer" },
  "count-tokens": { whole: "message count" },
  "gemini-count-tokens": { whole: "content count" },
};

/** Requests as providers get them and answers as clients do, where the gateway has written them. */
export const goldens = (): Golden[] => [...ofCases(), ...ofAnswers()];

function ofCases(): Golden[] {
  const cases = loadCases();
  return providers.flatMap(({ meta: { schema } }) =>
    endpoints.flatMap(({ id, conversation }) =>
      (cases.get(schema)?.exchanges(id) ?? []).flatMap(({ name, content }): Golden[] => {
        if (support(id, schema) === "passthrough") return [];
        const { upstream, whole, stream } = content;
        const about = `${id} to ${schema}, ${name}`;
        const request = conversation === undefined ? undefined : REQUESTS[schema];
        const types = ANSWERS[id];
        return [
          ...(request === undefined || upstream.body === undefined
            ? []
            : [{ name: `${about}: request`, type: request, value: upstream.body }]),
          ...(types === undefined || whole?.client === undefined || whole.refused
            ? []
            : [{ name: `${about}: answer`, type: types.whole, value: whole.client }]),
          ...eventsOf(about, id, stream?.client ?? []),
        ];
      }),
    ),
  );
}

function ofAnswers(): Golden[] {
  return providers.flatMap((provider) =>
    endpoints.flatMap((endpoint) => {
      const { schema } = provider.meta;
      const pair = endpoint.conversation && pairOf(endpoint, provider);
      if (pair?.lane.way.kind !== "conversation") return [];
      return ITEMS.flatMap((item): Golden[] => {
        const content = loadAnswer(WORDS_OF[schema] ?? "", item);
        const types = ANSWERS[endpoint.id];
        if (content === undefined || types === undefined) return [];
        const about = `${endpoint.id} to ${schema}, ${item}`;
        const ask = (stream: boolean, bytes: Buffer): Buffer => {
          const question = questionFor(endpoint.id, "m", stream, content.asked);
          return hear(attempt(pair, Buffer.from(JSON.stringify(question))), [bytes]).bytes;
        };
        const whole = ask(false, Buffer.from(JSON.stringify(content.whole)));
        const stream = readSse(ask(true, frame(framingOf(schema), content.stream)));
        return [
          { name: `${about}: answer`, type: types.whole, value: JSON.parse(whole.toString()) },
          ...eventsOf(about, endpoint.id, stream),
        ];
      });
    }),
  );
}

const eventsOf = (about: string, id: string, events: readonly WireEvent[]): Golden[] => {
  const type = ANSWERS[id]?.event;
  if (type === undefined) return [];
  return events
    .filter(({ data }) => data !== "[DONE]" && Object(data).error === undefined)
    .map(({ data }, at) => ({ name: `${about}: event ${at}`, type, value: data }));
};
