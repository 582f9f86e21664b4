/** The same question in the words of each endpoint that converses; two tools, and all that may be shown of an answer. */
export interface Asked {
  /** How many answers. */
  n?: number;
  logprobs?: true;
}

const WEATHER = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const DESCRIPTION = "The weather of a city.";
const HI = "What is the weather in Paris and in Rome?";

const QUESTIONS: Readonly<Record<string, (asked: Asked) => Record<string, unknown>>> = {
  "chat-completions": ({ n, logprobs }) => ({
    messages: [{ role: "user", content: HI }],
    tools: [
      {
        type: "function",
        function: { name: "weather", description: DESCRIPTION, parameters: WEATHER },
      },
    ],
    max_tokens: 100,
    ...(n === undefined ? {} : { n }),
    ...(logprobs === undefined ? {} : { logprobs, top_logprobs: 2 }),
  }),
  completions: ({ n, logprobs }) => ({
    prompt: HI,
    max_tokens: 100,
    ...(n === undefined ? {} : { n }),
    ...(logprobs === undefined ? {} : { logprobs: 2 }),
  }),
  messages: () => ({
    messages: [{ role: "user", content: HI }],
    tools: [{ name: "weather", description: DESCRIPTION, input_schema: WEATHER }],
    max_tokens: 100,
  }),
  responses: ({ logprobs }) => ({
    input: HI,
    tools: [{ type: "function", name: "weather", description: DESCRIPTION, parameters: WEATHER }],
    include: [
      "reasoning.encrypted_content",
      ...(logprobs === undefined ? [] : ["message.output_text.logprobs"]),
    ],
    max_output_tokens: 100,
    ...(logprobs === undefined ? {} : { top_logprobs: 2 }),
  }),
  "cohere-chat": ({ logprobs }) => ({
    messages: [{ role: "user", content: HI }],
    tools: [
      {
        type: "function",
        function: { name: "weather", description: DESCRIPTION, parameters: WEATHER },
      },
    ],
    max_tokens: 100,
    ...(logprobs === undefined ? {} : { logprobs }),
  }),
  "generate-content": ({ n, logprobs }) => ({
    contents: [{ role: "user", parts: [{ text: HI }] }],
    tools: [
      {
        functionDeclarations: [
          { name: "weather", description: DESCRIPTION, parametersJsonSchema: WEATHER },
        ],
      },
    ],
    generationConfig: {
      maxOutputTokens: 100,
      thinkingConfig: { includeThoughts: true },
      ...(n === undefined ? {} : { candidateCount: n }),
      ...(logprobs === undefined ? {} : { responseLogprobs: logprobs, logprobs: 2 }),
    },
  }),
};

/** @throws {Error} for an endpoint that nothing is written for */
export function questionFor(
  endpointId: string,
  model: string,
  stream: boolean,
  asked: Asked = {},
): Record<string, unknown> {
  const question = QUESTIONS[endpointId];
  if (question === undefined) throw new Error(`no question is written for ${endpointId}`);
  const options = /^(chat-)?completions$/.test(endpointId)
    ? { stream_options: { include_usage: true } }
    : {};
  return { model, ...question(asked), ...(stream ? { stream, ...options } : {}) };
}
