/** What each difference means. Every difference that is found has to be judged here. */
export interface Judgement {
  /** Of a difference as compare.ts tells it. */
  of: RegExp;
  /** Whose way is better for users; `either` where both come to the same. */
  better: "ours" | "LiteLLM's" | "either";
  why: string;
}

export const judgements: readonly Judgement[] = [
  {
    of: /^(anthropic|aws-anthropic|gcp-anthropic) request, differs: body\.max_tokens$/,
    better: "either",
    why: "Anthropic demands a limit where the client names none: ours is 32,000 tokens, LiteLLM's by model or 4,096, which cuts long answers on the clouds",
  },
  {
    of: /request, only LiteLLM: body\.tools\[\]\.type$/,
    better: "either",
    why: "`type: custom` is what a tool without a type is",
  },
  {
    of: /request, differs: body\.messages\[\]\.content\[\]\.content$/,
    better: "either",
    why: "a tool's result as a list of blocks, and as a text",
  },
  {
    of: /^(openai|azure) request, only ours: body\.messages\[\]\.content$/,
    better: "ours",
    why: "same protocol: the client's `content: null` goes by as it is",
  },
  {
    of: /^openai request, differs: operation$/,
    better: "ours",
    why: "Anthropic's messages go to OpenAI's chat completions here, to responses there, which loses `stop_sequences` and leaves the conversation stored at OpenAI unless told otherwise",
  },
  {
    of: /^anthropic request, only LiteLLM: body\.output_format$|^anthropic request, only ours: body\.output_config$|^anthropic answer, only ours: an answer$/,
    better: "ours",
    why: "structured output by `output_config.format`; LiteLLM sends the beta's `output_format`, which the published reference does not list and the stand-in refuses",
  },
  {
    of: /^anthropic request, only ours: body\.tools\[\]\.strict$/,
    better: "ours",
    why: "LiteLLM drops `strict` of a function on its way from responses",
  },
  {
    of: /^anthropic request, only LiteLLM: body\.stream$/,
    better: "either",
    why: "`stream: false` is the default",
  },
  {
    of: /^bedrock request, only LiteLLM: body\.inferenceConfig$/,
    better: "either",
    why: "an empty object says nothing",
  },
  {
    of: /^bedrock request, only ours: body\.additionalModelResponseFieldPaths$/,
    better: "ours",
    why: "asks which stop sequence ended the answer, for Anthropic's clients; Converse does not say it otherwise",
  },
  {
    of: /^bedrock request, only LiteLLM: body\.additionalModelResponseFieldPaths$/,
    better: "either",
    why: "asks for fields of the answer that neither tells the client",
  },
  {
    of: /^bedrock request, (only ours: body\.outputConfig|only LiteLLM: body\.additionalModelRequestFields\.(output_config|thinking\.display))$/,
    better: "either",
    why: "effort by Converse's own `outputConfig.effort`, and by Claude's `output_config` beside it; that thinking is summarized is the default of this model",
  },
  {
    of: /^bedrock request, .*inputSchema\.json\.(properties\.guest|properties\.room\.default|\$defs)/,
    better: "either",
    why: "the client's schema as it is, and with references put in place and defaults left out: Claude reads both",
  },
  {
    of: /^bedrock request, only LiteLLM: body\.toolConfig\.tools\[\]\.toolSpec\.description$/,
    better: "either",
    why: "a tool without a description gets its name for one",
  },
  {
    of: /^bedrock request, differs: .*jsonSchema\.schema$/,
    better: "either",
    why: "the same schema, written with other spaces",
  },
  {
    of: /^gcp-anthropic request, differs: path$/,
    better: "either",
    why: "`?alt=sse` changes nothing for models of Anthropic",
  },
  {
    of: /^vertex request, .*functionResponse\.response\.(output|error|content)$|^vertex answer, differs: (text|tokens\[\])$/,
    better: "ours",
    why: "Google's schema has `output` and `error` for results of functions; under LiteLLM's `content` a failure is told like a result (and the stand-in repeats what it was told)",
  },
  {
    of: /^vertex request, (only ours|differs): body\.tools\[\]\.functionDeclarations\[\]\.parameters\.properties\.extras\.items\.(enum|type)$|^vertex answer, differs: calls\[\]$/,
    better: "ours",
    why: "an enumeration without a type is one of texts; LiteLLM makes it an object and loses the values",
  },
  {
    of: /^vertex request, only LiteLLM: body\.generationConfig\.temperature$/,
    better: "either",
    why: "1, Google's advice for Gemini 3, is its default",
  },
  {
    of: /^cohere request, only ours: body\.(thinking|response_format)$/,
    better: "ours",
    why: "LiteLLM drops effort and the schema of the answer for Cohere",
  },
  {
    of: /^cohere request, only (ours: body\.messages\[\]\.tool_plan|LiteLLM: body\.messages\[\]\.content)$/,
    better: "ours",
    why: "what the model said before its calls is its `tool_plan`; Cohere's messages have that or content",
  },
  {
    of: /^cohere request, differs: .*\.arguments$/,
    better: "either",
    why: "the same JSON, written with other spaces",
  },
  {
    of: /^cohere answer, (only ours: an answer|differs: (text|finish|tokens\[\]))$/,
    better: "ours",
    why: "LiteLLM's reader of Cohere's streams stumbles over `event:` lines, calls of tools finish with `stop`, the plan before them is lost, and so is what was dropped from the request",
  },
];
