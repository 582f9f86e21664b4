import { encodeEventStreamMessage } from "../../../../runtime/lib/event-stream.ts";
import type { PromptCache } from "../anthropic/cache.ts";
import { ofCloud } from "../anthropic/cloud.ts";
import { AnthropicError } from "../anthropic/errors.ts";
import { generateMessage } from "../anthropic/generate.ts";
import { type Generated, messageBody, messageData } from "../anthropic/message.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { bedrockDialect, refuse } from "./errors.ts";

const ANTHROPIC_VERSION = "bedrock-2023-05-31";

/**
 * Claude by `InvokeModel` and `InvokeModelWithResponseStream`, with Anthropic's own bodies.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
 *
 * @throws {BedrockError} 400
 */
export function invokeClaude(
  model: string,
  body: unknown,
  streams: boolean,
  { id, cache }: { id: string; cache: PromptCache },
): Reply {
  const name = /claude-.*?(?=-v\d|$)/.exec(model)?.[0] ?? model;
  const generated = generate(name, body, { id: `msg_bdrk_${id.replaceAll("-", "")}`, cache });
  const { input, output } = generated.answer.usage;
  const counts = {
    "x-amzn-bedrock-input-token-count": String(input),
    "x-amzn-bedrock-output-token-count": String(output),
  };
  if (!streams) return jsonReply(bedrockDialect, messageBody(generated), counts);
  return {
    status: 200,
    headers: {
      "content-type": "application/vnd.amazon.eventstream",
      "x-amzn-bedrock-content-type": "application/json",
    },
    events: messageData(generated).map((event) =>
      chunk(
        event.type === "message_stop"
          ? {
              ...event,
              "amazon-bedrock-invocationMetrics": {
                inputTokenCount: input,
                outputTokenCount: output,
                invocationLatency: 20,
                firstByteLatency: 10,
              },
            }
          : event,
      ),
    ),
    streamed: true,
    dialect: bedrockDialect,
  };
}

function generate(
  model: string,
  body: unknown,
  options: { id: string; cache: PromptCache },
): Generated {
  try {
    const { anthropic_beta: betas, ...rest } = Object(body) as Record<string, unknown>;
    if (betas !== undefined && !Array.isArray(betas)) {
      refuse("anthropic_beta: Input should be a valid list");
    }
    // Whether it streams is said by the operation.
    if ("stream" in rest) refuse("stream: Extra inputs are not permitted");
    const { request, version } = ofCloud(rest, model, ANTHROPIC_VERSION);
    return generateMessage(request, { ...options, version });
  } catch (error) {
    return error instanceof AnthropicError ? refuse(error.message) : raise(error);
  }
}

function raise(error: unknown): never {
  throw error;
}

/** `PayloadPart`: what the model said, in base64, with padding against those who count bytes. */
function chunk(event: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(event)).toString("base64");
  const p = "abcdefghijklmnopqrstuvwxyz".slice(0, 1 + (bytes.length % 26));
  return encodeEventStreamMessage({
    headers: {
      ":event-type": "chunk",
      ":content-type": "application/json",
      ":message-type": "event",
    },
    payload: Buffer.from(JSON.stringify({ bytes, p })),
  });
}
