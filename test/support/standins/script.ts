/**
 * What the stand-in models say. One script for every vendor, so that the same prompt has the same
 * answer whichever backend serves it; a vendor's folder turns its requests into a Prompt and an
 * Answer into its wire format. Deterministic: the same prompt always has the same answer.
 *
 * The last user text directs it:
 * - `use the tool NAME` calls that tool; a text with `weather` calls the first tool with "weather" in
 *   its name, once for each city in `in Paris and Rome` (all in one turn, unless parallel calls are
 *   off). A forced tool choice calls without being asked.
 * - `refuse` makes the model refuse; `without usage` leaves the token counts out of the answer.
 * - Anything else is echoed: `You said: …`. Tool results are echoed as `The tools said: …`.
 * Reasoning, where it is on, comes first: `The user said: …`. Structured output is an instance of
 * the schema.
 */
export interface Prompt {
  /** Every text that the model reads, in order; tokens are counted over these. */
  texts: string[];
  /** Text of the last user turn. */
  userText: string;
  /** Texts of the tool results that the last turn carries. */
  toolResults: string[];
  images: number;
  tools: ScriptTool[];
  toolChoice: "auto" | "none" | "required" | { name: string };
  parallelToolCalls: boolean;
  /** Set where the answer has to be JSON. */
  json?: { schema?: Record<string, unknown> };
  reasoning: boolean;
  maxTokens?: number;
  stop: string[];
}

export interface ScriptTool {
  name: string;
  /** JSON schema of the input. */
  schema: Record<string, unknown>;
}

export interface Answer {
  thinking?: string;
  /** Empty where the model only calls tools or refuses. */
  text: string;
  refusal?: string;
  calls: { name: string; input: Record<string, unknown> }[];
  finish: "stop" | "stop-sequence" | "length" | "tool-use" | "refusal";
  stopSequence?: string;
  usage: Counts;
  /** False where the prompt asked for an answer without token counts. */
  reportsUsage: boolean;
}

/** In tokens. */
export interface Counts {
  input: number;
  /** Reasoning included. */
  output: number;
  reasoning: number;
}

const BYTES_PER_TOKEN = 4;
const TOKENS_PER_IMAGE = 85;

/** Tokens of a text, as the stand-ins count them: one for four bytes of UTF-8, rounded up. */
export const tokens = (text: string): number =>
  Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

/** Tokens that the stand-ins count for what the model reads. */
export const inputTokens = ({ texts, images }: Pick<Prompt, "texts" | "images">): number =>
  texts.reduce((sum, text) => sum + tokens(text), 0) + images * TOKENS_PER_IMAGE;

/** A text in pieces as a model streams it: words with the space before them. */
export const pieces = (text: string): string[] =>
  text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text ? [text] : []);

export function answer(prompt: Prompt): Answer {
  const thinking = prompt.reasoning ? `The user said: ${prompt.userText}` : undefined;
  const said = speak(prompt);
  const reasoning = tokens(thinking ?? "");
  const limit = prompt.maxTokens ?? Number.POSITIVE_INFINITY;
  // Reasoning counts, but never leaves an answer without a word; a limit of 0 does.
  const allowed = Math.max(Math.min(1, limit), limit - reasoning);
  const cut = cutText(said.text, prompt.stop, allowed);
  const spoken =
    cut.text + (said.refusal ?? "") + said.calls.map(({ input }) => JSON.stringify(input)).join("");
  return {
    ...said,
    ...cut,
    ...(thinking === undefined ? {} : { thinking }),
    finish: cut.finish ?? said.finish,
    usage: { input: inputTokens(prompt), output: reasoning + tokens(spoken), reasoning },
    reportsUsage: !prompt.userText.includes("without usage"),
  };
}

type Said = Pick<Answer, "text" | "refusal" | "calls" | "finish">;

function speak(prompt: Prompt): Said {
  const { userText, toolResults } = prompt;
  if (toolResults.length > 0) return say(`The tools said: ${toolResults.join("; ")}`);
  const calls = callTools(prompt);
  if (calls.length > 0) return { text: "", calls, finish: "tool-use" };
  if (prompt.json) {
    const { schema } = prompt.json;
    return say(JSON.stringify(schema ? instance(schema, userText) : { echo: userText }));
  }
  if (/\brefuse\b/.test(userText)) {
    return { text: "", refusal: "I cannot help with that.", calls: [], finish: "refusal" };
  }
  const seen =
    prompt.images > 0 ? ` I see ${prompt.images} image${prompt.images > 1 ? "s" : ""}.` : "";
  return say(`You said: ${userText}${seen}`);
}

const say = (text: string): Said => ({ text, calls: [], finish: "stop" });

function callTools({ tools, toolChoice, userText, parallelToolCalls }: Prompt): Answer["calls"] {
  if (toolChoice === "none") return [];
  const tool = chooseTool(tools, toolChoice, userText);
  if (tool === undefined) return [];
  const cities = /\bin (\p{L}+)(?: and (\p{L}+))?/u.exec(userText)?.slice(1).filter(Boolean) ?? [];
  const subjects = cities.length > 0 ? cities : [userText];
  return (parallelToolCalls ? subjects : subjects.slice(0, 1)).map((subject) => ({
    name: tool.name,
    input: instance(tool.schema, subject) as Record<string, unknown>,
  }));
}

function chooseTool(
  tools: ScriptTool[],
  choice: Prompt["toolChoice"],
  userText: string,
): ScriptTool | undefined {
  if (typeof choice === "object") return tools.find(({ name }) => name === choice.name);
  const asked = /use the tool ([\w-]+)/.exec(userText)?.[1];
  const byName = tools.find(({ name }) => name === asked);
  const byTopic = /weather/i.test(userText)
    ? tools.find(({ name }) => /weather/i.test(name))
    : undefined;
  return byName ?? byTopic ?? (choice === "required" ? tools[0] : undefined);
}

/** Recursive schemas end here. */
const DEEPEST = 8;

type Schema = Record<string, unknown>;

/**
 * A value that the schema accepts: texts are `subject`, enums their first value, numbers their
 * minimum or 1, lists have one item, objects every property.
 */
export function instance(schema: Schema, subject: string): unknown {
  const definitions = (schema.$defs ?? schema.definitions ?? {}) as Record<string, Schema>;
  const make = (inner: Schema, depth: number): unknown => {
    if (depth > DEEPEST) return null;
    const next = (value: unknown) => make(value as Schema, depth + 1);
    if (typeof inner.$ref === "string") return next(definitions[inner.$ref.split("/").pop() ?? ""]);
    if ("const" in inner) return inner.const;
    if (Array.isArray(inner.enum)) return inner.enum[0];
    const choices = inner.anyOf ?? inner.oneOf;
    if (Array.isArray(choices)) return next(choices[0]);
    switch (Array.isArray(inner.type) ? inner.type[0] : inner.type) {
      case "string":
        return subject;
      case "integer":
      case "number":
        return inner.minimum ?? 1;
      case "boolean":
        return true;
      case "null":
        return null;
      case "array":
        return [next(inner.items ?? { type: "string" })];
      default:
        return Object.fromEntries(
          Object.entries(inner.properties ?? {}).map(([name, value]) => [name, next(value)]),
        );
    }
  };
  return make(schema, 0);
}

/** Ends a text at the first stop sequence, or where the tokens are used up. */
function cutText(
  text: string,
  stop: string[],
  allowed: number,
): { text: string; finish?: Answer["finish"]; stopSequence?: string } {
  const hits = stop.filter((sequence) => text.includes(sequence));
  const first = hits.sort((a, b) => text.indexOf(a) - text.indexOf(b))[0];
  if (first !== undefined && tokens(text.slice(0, text.indexOf(first))) <= allowed) {
    return {
      text: text.slice(0, text.indexOf(first)),
      finish: "stop-sequence",
      stopSequence: first,
    };
  }
  if (tokens(text) <= allowed) return { text };
  const bytes = Buffer.from(text).subarray(0, allowed * BYTES_PER_TOKEN);
  // A character that was cut in two is dropped.
  return { text: bytes.toString().replace(/\uFFFD+$/, ""), finish: "length" };
}
