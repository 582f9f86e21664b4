import type { JsonBody } from "../request-body.ts";

export interface ResponseState {
  id: string;
  /** Unix seconds. */
  created: number;
  model: string;
  status: string;
  output: readonly object[];
  usage: Record<string, unknown> | undefined;
  incomplete: string | undefined;
}

/** What the request said, or what OpenAI says where it said nothing. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  access_programs: null,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
  user: null,
};

/** https://platform.openai.com/docs/api-reference/responses/object */
export const responseObject = (
  request: JsonBody,
  { id, created, model, status, output, usage, incomplete }: ResponseState,
): Record<string, unknown> => ({
  id,
  object: "response",
  created_at: created,
  status,
  error:
    status === "failed" ? { code: "server_error", message: "the model could not finish" } : null,
  incomplete_details: incomplete === undefined ? null : { reason: incomplete },
  ...Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, value]) => [name, request[name] ?? value]),
  ),
  ...(Array.isArray(request.tools) ? { tools: request.tools.map(toolJson) } : {}),
  // Nothing is kept, whatever was asked for.
  store: false,
  model,
  output,
  usage: usage ?? null,
});

/** OpenAI tells of a function what it took for granted, too. */
function toolJson(tool: unknown): unknown {
  const { type, parameters = null, strict = null } = Object(tool);
  return type === "function" ? { ...Object(tool), parameters, strict } : tool;
}
