import { sign } from "../anthropic/signature.ts";
import { type Answer, answer, type Prompt, pieces } from "../script.ts";
import type {
  Content,
  GenerateContentRequest,
  GenerationConfig,
  Part,
  Schema,
} from "./messages.ts";
import { checkRules, traitsOf } from "./rules.ts";

/** @throws {GoogleError} 400 */
export function generated(
  model: string,
  request: GenerateContentRequest,
  head: { responseId: string; createTime: string },
): { whole: object; events: object[] } {
  checkRules(model, request);
  const shared = { ...head, modelVersion: model };
  const prompt = toPrompt(model, request);
  if (prompt.userText.includes("block this")) {
    const blocked = {
      ...shared,
      promptFeedback: {
        blockReason: "PROHIBITED_CONTENT",
        blockReasonMessage: "The prompt is blocked.",
      },
      usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 },
    };
    return { whole: blocked, events: [blocked] };
  }
  const said = answer(prompt);
  const shows = request.generationConfig?.thinkingConfig?.includeThoughts === true;
  const candidates = Array.from(
    { length: request.generationConfig?.candidateCount ?? 1 },
    (_, index) => index,
  );
  const usageMetadata = usage(prompt, said, candidates.length);
  const signs = traitsOf(model).thinking !== "none";
  const steps = stepsOf(said, shows, signs);
  const last = ending(said);
  const counted = said.reportsUsage ? { usageMetadata } : {};
  return {
    whole: {
      ...shared,
      candidates: candidates.map((index) => ({
        ...(index === 0 ? {} : { index }),
        ...(steps.length === 0 ? {} : { content: { role: "model", parts: joined(steps) } }),
        ...last,
        avgLogprobs: -0.1,
      })),
      ...counted,
    },
    events: [
      ...steps.flatMap((part) =>
        candidates.map((index) => ({
          ...shared,
          candidates: [
            { ...(index === 0 ? {} : { index }), content: { role: "model", parts: [part] } },
          ],
          usageMetadata: { trafficType: "ON_DEMAND" },
        })),
      ),
      {
        ...shared,
        candidates: candidates.map((index) => ({
          ...(index === 0 ? {} : { index }),
          ...(said.finish === "refusal"
            ? {}
            : { content: { role: "model", parts: [{ text: "" }] } }),
          ...last,
        })),
        ...counted,
      },
    ],
  };
}

/** The parts as they stream: text word by word, calls whole. */
function stepsOf(said: Answer, showsThoughts: boolean, signs: boolean): Part[] {
  const signature = signs && said.thinking !== undefined ? sign(said.thinking) : undefined;
  const thoughts =
    showsThoughts && said.thinking !== undefined
      ? pieces(said.thinking).map((text) => ({ text, thought: true }))
      : [];
  const calls = said.calls.map(({ name, input }, index) => ({
    functionCall: { name, args: input },
    // Of calls side by side, the first is signed.
    ...(index === 0 && signature !== undefined ? { thoughtSignature: signature } : {}),
  }));
  const texts: Part[] = pieces(said.text).map((text) => ({ text }));
  const last = texts.at(-1);
  if (last !== undefined && calls.length === 0 && signature !== undefined) {
    last.thoughtSignature = signature;
  }
  return [...thoughts, ...texts, ...calls];
}

/** Parts of a whole answer: neighbours of one kind are one. */
function joined(steps: Part[]): Part[] {
  const parts: Part[] = [];
  for (const step of steps) {
    const last = parts.at(-1);
    if (last?.text !== undefined && step.text !== undefined && last.thought === step.thought) {
      parts[parts.length - 1] = { ...last, ...step, text: last.text + step.text };
    } else parts.push(step);
  }
  return parts;
}

function ending({ finish, refusal }: Answer): object {
  if (finish === "refusal") {
    return {
      finishReason: "SAFETY",
      finishMessage: refusal,
      safetyRatings: [
        {
          category: "HARM_CATEGORY_HARASSMENT",
          probability: "HIGH",
          severity: "HARM_SEVERITY_HIGH",
          blocked: true,
        },
      ],
    };
  }
  return { finishReason: finish === "length" ? "MAX_TOKENS" : "STOP" };
}

function usage(prompt: Prompt, { usage: { input, output, reasoning } }: Answer, count: number) {
  const said = (output - reasoning) * count;
  return {
    promptTokenCount: input,
    candidatesTokenCount: said,
    totalTokenCount: input + said + reasoning,
    ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
    trafficType: "ON_DEMAND",
    promptTokensDetails: [
      { modality: "TEXT", tokenCount: input },
      ...(prompt.images > 0 ? [{ modality: "IMAGE", tokenCount: prompt.images }] : []),
    ],
    candidatesTokensDetails: [{ modality: "TEXT", tokenCount: said }],
  };
}

/** What the script reads of a request. */
export function toPrompt(model: string, request: GenerateContentRequest): Prompt {
  const { contents = [], systemInstruction, tools = [], generationConfig = {} } = request;
  const lastUser = contents.findLast(({ role }) => role === "user");
  const { responseMimeType, responseSchema, responseJsonSchema, thinkingConfig } = generationConfig;
  const config = request.toolConfig?.functionCallingConfig;
  const schema = responseSchema === undefined ? responseJsonSchema : lowerCased(responseSchema);
  const json =
    responseMimeType === "application/json" ? (schema === undefined ? {} : { schema }) : undefined;
  return {
    texts: [...(systemInstruction ? [systemInstruction] : []), ...contents].flatMap(texts),
    userText: lastUser ? textsSaid(lastUser).join("\n") : "",
    toolResults:
      contents.at(-1) === lastUser && lastUser !== undefined ? toolResults(lastUser) : [],
    images: contents
      .flatMap(({ parts = [] }) => parts)
      .filter(({ inlineData, fileData }) => /^image/.test((inlineData ?? fileData)?.mimeType ?? ""))
      .length,
    tools: tools.flatMap(({ functionDeclarations = [] }) =>
      functionDeclarations.map(({ name = "", parameters, parametersJsonSchema }) => ({
        name,
        schema: parametersJsonSchema ?? lowerCased(parameters ?? { type: "OBJECT" }),
      })),
    ),
    toolChoice: toolChoice(config),
    parallelToolCalls: true,
    ...(json === undefined ? {} : { json }),
    reasoning: reasons(model, thinkingConfig),
    ...(generationConfig.maxOutputTokens === undefined
      ? {}
      : { maxTokens: generationConfig.maxOutputTokens }),
    stop: generationConfig.stopSequences ?? [],
  };
}

function reasons(model: string, config: GenerationConfig["thinkingConfig"]): boolean {
  const { thinking, eager } = traitsOf(model);
  if (thinking === "none" || config?.thinkingBudget === 0) return false;
  return eager || config?.thinkingBudget !== undefined;
}

function toolChoice(
  config: { mode?: string; allowedFunctionNames?: string[] } | undefined,
): Prompt["toolChoice"] {
  switch (config?.mode) {
    case "NONE":
      return "none";
    case "ANY": {
      const [only, ...others] = config.allowedFunctionNames ?? [];
      return only !== undefined && others.length === 0 ? { name: only } : "required";
    }
    default:
      return "auto";
  }
}

const textsSaid = ({ parts = [] }: Content): string[] =>
  parts.flatMap(({ text, thought }) => (text && thought !== true ? [text] : []));

const toolResults = ({ parts = [] }: Content): string[] =>
  parts.flatMap(({ functionResponse }) => {
    if (functionResponse === undefined) return [];
    const { output, error, ...others } = functionResponse.response ?? {};
    return [String(output ?? error ?? JSON.stringify(others))];
  });

const texts = (content: Content): string[] => [
  ...textsSaid(content),
  ...toolResults(content),
  ...(content.parts ?? []).flatMap(({ functionCall }) =>
    functionCall === undefined ? [] : [JSON.stringify(functionCall.args ?? {})],
  ),
];

/** In JSON schema's spelling, which is the script's. */
function lowerCased(schema: Schema): Record<string, unknown> {
  const { type, items, properties, anyOf, ...rest } = schema;
  return {
    ...rest,
    ...(type === undefined ? {} : { type: type.toLowerCase() }),
    ...(items === undefined ? {} : { items: lowerCased(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(lowerCased) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, inner]) => [name, lowerCased(inner)]),
          ),
        }),
  };
}
