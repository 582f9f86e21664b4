import { createHash } from "node:crypto";
import { unseal } from "../../anthropic/signature.ts";
import { jsonReply, type Reply } from "../../reply.ts";
import { answer } from "../../script.ts";
import { OpenAiError, openAiDialect } from "../errors.ts";
import { isReasoningModel } from "../rules.ts";
import { validate } from "../validate.ts";
import { responseBody, responseEvents } from "./output.ts";
import { itemsOf, toPrompt } from "./prompt.ts";
import { type InputItem, type ResponsesRequest, responsesRequest } from "./schema.ts";

/** The conversations that were kept, by the id of the last response. */
export type Kept = Map<string, InputItem[]>;

/**
 * `POST /v1/responses`, whole and streamed, with the memory that `previous_response_id` needs.
 *
 * @param created Unix seconds
 * @throws {OpenAiError} 400
 */
export function respond(body: unknown, created: number, kept: Kept): Reply {
  const request = validate(body, responsesRequest);
  checkOptions(request);
  const before = request.previous_response_id ?? undefined;
  const earlier = before === undefined ? [] : kept.get(before);
  if (earlier === undefined) {
    throw new OpenAiError(400, `Previous response with id '${before}' not found.`, {
      param: "previous_response_id",
      code: "previous_response_not_found",
    });
  }
  const items = [...earlier, ...itemsOf(request)];
  checkItems(items, earlier);
  const hash = createHash("sha256").update(JSON.stringify(items)).digest("hex").slice(0, 32);
  const response = {
    id: `resp_${hash}`,
    created,
    request,
    answer: answer(toPrompt(request, items)),
  };
  const whole = responseBody(response);
  if (request.store !== false) kept.set(response.id, [...items, ...(whole.output as InputItem[])]);
  if (!request.stream) return jsonReply(openAiDialect, whole);
  return {
    status: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8" },
    events: responseEvents(response, whole),
    streamed: true,
    dialect: {
      ...openAiDialect,
      errorEvent: (message, code = "server_error") =>
        Buffer.from(
          `event: error\ndata: ${JSON.stringify({ type: "error", sequence_number: 99, code, message, param: null })}\n\n`,
        ),
    },
  };
}

function checkOptions(request: ResponsesRequest): void {
  const { model, input, tools = [], tool_choice: choice } = request;
  if (input === undefined || input.length === 0) {
    refuse("input", "Missing required parameter: 'input'.");
  }
  if (isReasoningModel(model)) {
    for (const field of ["temperature", "top_p", "top_logprobs"] as const) {
      if (request[field] != null) {
        refuse(field, `Unsupported parameter: '${field}' is not supported with this model.`);
      }
    }
  } else if (request.reasoning?.effort != null || request.reasoning?.summary != null) {
    refuse(
      "reasoning.effort",
      "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    );
  }
  if (request.previous_response_id != null && request.conversation != null) {
    refuse("conversation", "Mutually exclusive parameters.");
  }
  if (typeof choice === "object" && choice.type === "function") {
    const known = tools.some((tool) => tool.type === "function" && tool.name === choice.name);
    if (!known) refuse("tool_choice", `Tool choice 'function' not found in 'tools' parameter.`);
  }
  if (choice === "required" && tools.length === 0) {
    refuse("tool_choice", "Tool choice 'required' must be specified with 'tools' parameter.");
  }
}

/** Calls have their results, results their calls, and reasoning is its own. */
function checkItems(items: InputItem[], earlier: InputItem[]): void {
  const typed = (type: string) => items.filter((item) => "type" in item && item.type === type);
  const ids = (type: string) =>
    typed(type).map((item) => ("call_id" in item ? String(item.call_id) : ""));
  const [asked, answered] = [ids("function_call"), ids("function_call_output")];
  const open = asked.find((id) => !answered.includes(id));
  if (open !== undefined) refuse("input", `No tool output found for function call ${open}.`);
  const stray = answered.find((id) => !asked.includes(id));
  if (stray !== undefined) {
    refuse("input", `No tool call found for function call output with call_id ${stray}.`);
  }
  for (const item of typed("reasoning")) {
    if (earlier.includes(item)) continue;
    const { id, encrypted_content: sealed } = item as { id: string; encrypted_content?: string };
    if (sealed == null) {
      throw new OpenAiError(
        404,
        `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false.`,
        { param: "input" },
      );
    }
    if (unseal(sealed) === undefined) {
      refuse("input", "The encrypted content could not be verified.", "invalid_encrypted_content");
    }
  }
}

function refuse(param: string, message: string, code: string | null = null): never {
  throw new OpenAiError(400, message, { param, code });
}
