import type { Reply } from "../reply.ts";

const SAFE = { filtered: false, severity: "safe" };
const RESULTS = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE };
const PROMPT = [{ prompt_index: 0, content_filter_results: RESULTS }];

type Json = Record<string, unknown>;

/**
 * A completion with what Azure's filters found. A stream begins with a chunk of its own for the
 * prompt, which has no choices, no model and no id.
 * https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter-annotations
 */
export function filtered(reply: Reply): Reply {
  const { events, streamed, dialect } = reply;
  if (!streamed) {
    const [body] = events.map((event) => read(event.toString()));
    if (!Array.isArray(body?.choices)) return reply;
    const whole = { ...annotated(body), prompt_filter_results: PROMPT };
    return { ...reply, events: [Buffer.from(JSON.stringify(whole))] };
  }
  const chunks = events.map((event) => /^data: (\{.*\})\s*$/s.exec(event.toString())?.[1]);
  if (!Array.isArray(read(chunks[0] ?? "")?.choices)) return reply;
  const first = {
    choices: [],
    created: 0,
    id: "",
    model: "",
    object: "",
    prompt_filter_results: PROMPT,
  };
  return {
    ...reply,
    dialect,
    events: [
      frame(first),
      ...events.map((event, at) => {
        const chunk = read(chunks[at] ?? "");
        return chunk === undefined ? event : frame(annotated(chunk));
      }),
    ],
  };
}

const frame = (body: Json): Buffer => Buffer.from(`data: ${JSON.stringify(body)}\n\n`);

const annotated = (body: Json): Json => ({
  ...body,
  choices: (body.choices as Json[]).map((choice) => ({
    ...choice,
    content_filter_results: "message" in choice ? RESULTS : {},
  })),
});

function read(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
