import { unseal } from "../anthropic/signature.ts";
import { refuse } from "./errors.ts";
import type {
  Content,
  GenerateContentRequest,
  GenerationConfig,
  Part,
  Schema,
} from "./messages.ts";

/** What models differ in, by their names. */
export interface GeminiTraits {
  thinking: "levels" | "budget" | "none";
  budget: readonly [least: number, most: number];
  canRest: boolean;
  /** Thinks without being asked to. */
  eager: boolean;
}

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thinking */
export function traitsOf(model: string): GeminiTraits {
  const pro = model.includes("pro");
  const lite = model.includes("lite");
  if (/^gemini-[3-9]/.test(model)) {
    return { thinking: "levels", budget: [0, 0], canRest: false, eager: true };
  }
  if (!model.startsWith("gemini-2.5")) {
    return { thinking: "none", budget: [0, 0], canRest: true, eager: false };
  }
  const least = lite ? 512 : 1;
  return {
    thinking: "budget",
    budget: pro ? [128, 32_768] : [least, 24_576],
    canRest: !pro,
    eager: !lite,
  };
}

/** Stands where a signature was lost; Gemini 3 then looks no further. */
const SKIP = "skip_thought_signature_validator";

/**
 * What Vertex AI asks of a request beyond its shape.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
 *
 * @throws {GoogleError} 400
 */
export function checkRules(model: string, request: GenerateContentRequest): void {
  const contents = request.contents ?? [];
  if (contents.length === 0) refuse("at least one contents field is required");
  contents.forEach(checkContent);
  checkTurns(contents);
  if (traitsOf(model).thinking === "levels") checkSignatures(contents);
  checkTools(request);
  checkConfig(model, request.generationConfig ?? {});
}

const DATA = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
] as const;

function checkContent({ role, parts = [] }: Content): void {
  if (role !== "user" && role !== "model") refuse("Please use a valid role: user, model.");
  if (parts.length === 0) {
    refuse("Unable to submit request because it must include at least one parts field.");
  }
  parts.forEach((part) => {
    const given = DATA.filter((name) => part[name] !== undefined);
    if (given.length !== 1) {
      refuse(
        "Unable to submit request because one or more parts must have exactly one initialized field of oneof data.",
      );
    }
    const media = part.inlineData ?? part.fileData;
    if (media !== undefined && !media.mimeType) {
      refuse(
        "Unable to submit request because it has an empty mimeType parameter in one of its parts.",
      );
    }
    if (part.text === "" && part.thoughtSignature === undefined) {
      refuse("Unable to submit request because it must have a text parameter.");
    }
  });
}

const calls = ({ parts = [] }: Content): Part[] =>
  parts.filter(({ functionCall }) => functionCall !== undefined);
const responses = ({ parts = [] }: Content): Part[] =>
  parts.filter(({ functionResponse }) => functionResponse !== undefined);

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling */
function checkTurns(contents: Content[]): void {
  contents.forEach((content, at) => {
    if (calls(content).length > 0 && contents[at - 1]?.role !== "user") {
      refuse(
        "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
      );
    }
    const asked = at === 0 ? [] : calls(contents[at - 1] ?? {});
    const answered = responses(content);
    if (answered.length > 0 && asked.length === 0) {
      refuse(
        "Please ensure that function response turn comes immediately after a function call turn.",
      );
    }
    if (answered.length !== asked.length) {
      refuse(
        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
      );
    }
    const names = (parts: Part[]) =>
      parts.map((part) => (part.functionCall ?? part.functionResponse)?.name).sort();
    if (names(asked).join() !== names(answered).join()) {
      refuse(
        "Please ensure that function responses have the names of the functions that were called.",
      );
    }
  });
  if (calls(contents.at(-1) ?? {}).length > 0) {
    refuse("Please ensure that the last turn is no function call.");
  }
}

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures */
function checkSignatures(contents: Content[]): void {
  const lastSaid = contents.findLastIndex(
    (content) => content.role === "user" && responses(content).length === 0,
  );
  contents.slice(lastSaid + 1).forEach((content, at) => {
    const [first] = calls(content);
    if (first === undefined || first.thoughtSignature === SKIP) return;
    const name = first.functionCall?.name;
    if (first.thoughtSignature === undefined) {
      refuse(
        `Unable to submit request because function call \`${name}\` in the ${lastSaid + at + 2}. content block is missing a \`thought_signature\`.`,
      );
    }
    if (unseal(first.thoughtSignature) === undefined) refuse("Corrupted thought signature.");
  });
}

const FUNCTION_NAME = /^[a-zA-Z_][\w.:-]{0,127}$/;

function checkTools({ tools = [], toolConfig }: GenerateContentRequest): void {
  const declared = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  for (const { name = "", parameters, parametersJsonSchema } of declared) {
    if (!FUNCTION_NAME.test(name)) {
      refuse(
        "Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.",
      );
    }
    if (parameters !== undefined && parametersJsonSchema !== undefined) {
      refuse("parameters and parameters_json_schema are mutually exclusive.");
    }
    if (parameters === undefined) continue;
    if (parameters.type !== "OBJECT") {
      refuse(
        `Unable to submit request because \`${name}\` functionDeclaration \`parameters\` schema should be of type OBJECT.`,
      );
    }
    checkSchema(parameters, `\`${name}\` functionDeclaration \`parameters`);
  }
  const { mode, allowedFunctionNames } = toolConfig?.functionCallingConfig ?? {};
  if (mode === "ANY" && declared.length === 0) {
    refuse("Function calling config is set without function_declarations.");
  }
  if (allowedFunctionNames === undefined) return;
  if (mode !== "ANY" && mode !== "VALIDATED") {
    refuse("Allowed function names should only be set when the function calling mode is ANY.");
  }
  for (const name of allowedFunctionNames) {
    if (!declared.some((declaration) => declaration.name === name)) {
      refuse(`Allowed function name ${name} is not among the function declarations.`);
    }
  }
}

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/control-generated-output */
function checkSchema(schema: Schema, path: string): void {
  if (schema.anyOf !== undefined) {
    if (Object.keys(schema).length > 1) {
      refuse(
        `Unable to submit request because ${path}\` specified other fields alongside any_of. When using any_of, it must be the only field set.`,
      );
    }
    schema.anyOf.forEach((inner, index) => {
      checkSchema(inner, `${path}.any_of[${index}]`);
    });
    return;
  }
  if (schema.type === undefined) {
    refuse(
      `Unable to submit request because ${path}\` schema didn't specify the schema type field.`,
    );
  }
  if (schema.type === "ARRAY" && schema.items === undefined) {
    refuse(
      `Unable to submit request because ${path}\` schema is an ARRAY without items: missing field.`,
    );
  }
  if (schema.items !== undefined) checkSchema(schema.items, `${path}.items`);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    checkSchema(inner, `${path}.${name}`);
  }
}

function checkConfig(model: string, config: GenerationConfig): void {
  within("temperature", config.temperature, 0, 2);
  within("topP", config.topP, 0, 1);
  within("candidateCount", config.candidateCount, 1, 8);
  within("maxOutputTokens", config.maxOutputTokens, 1, 65_536);
  within("number of stop sequences", config.stopSequences?.length, 1, 5);
  within("logprobs", config.logprobs, 0, 20);
  if (config.logprobs !== undefined && config.responseLogprobs !== true) {
    refuse("logprobs can only be set when response_logprobs is true.");
  }
  const schema = config.responseSchema ?? config.responseJsonSchema;
  if (schema !== undefined && !/json|enum/.test(config.responseMimeType ?? "")) {
    refuse("response_schema needs response_mime_type application/json or text/x.enum.");
  }
  if (config.responseSchema !== undefined) checkSchema(config.responseSchema, "`response_schema");
  checkThinking(model, config.thinkingConfig);
}

function checkThinking(model: string, config: GenerationConfig["thinkingConfig"]): void {
  if (config === undefined) return;
  const { thinking, budget, canRest } = traitsOf(model);
  const { includeThoughts, thinkingBudget, thinkingLevel } = config;
  if (thinking === "none") {
    refuse("Unable to submit request because thinking is not supported by this model.");
  }
  if (thinkingBudget !== undefined && thinkingLevel !== undefined) {
    refuse("You can only set only one of thinking budget and thinking level.");
  }
  if (thinkingLevel !== undefined && thinking !== "levels") {
    refuse("Thinking level is not supported for this model.");
  }
  if (includeThoughts === true && thinkingBudget === 0) {
    refuse("Unable to submit request because includeThoughts is set while thinking is disabled.");
  }
  if (thinkingBudget === undefined || thinkingBudget === -1) return;
  if (thinkingBudget === 0 && canRest) return;
  if (thinking === "budget") within("thinking budget", thinkingBudget, ...budget);
}

function within(what: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (value >= least && value <= most)) return;
  refuse(
    `Unable to submit request because it has a ${what} value of ${value} but the supported range is from ${least} (inclusive) to ${most} (inclusive).`,
  );
}
