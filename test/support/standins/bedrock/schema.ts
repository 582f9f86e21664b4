import { z } from "zod";
import { contentBlocks, guardContent } from "./blocks.ts";
import { cachePoint, oneOf, text, toolName } from "./shapes.ts";

/**
 * The bodies of Converse and ConverseStream as AWS's service model publishes them, with the limits
 * that it states. Strict: members that it does not know are refused.
 */
const message = z.strictObject({ role: z.enum(["user", "assistant"]), content: contentBlocks });
export type Message = z.infer<typeof message>;

const toolSpec = z.strictObject({
  name: toolName,
  description: text.optional(),
  inputSchema: oneOf({ json: z.record(z.string(), z.unknown()) }),
  strict: z.boolean().optional(),
});

const toolConfig = z.strictObject({
  tools: z
    .array(oneOf({ toolSpec, systemTool: z.strictObject({ name: toolName }), cachePoint }))
    .min(1),
  toolChoice: oneOf({
    auto: z.strictObject({}),
    any: z.strictObject({}),
    tool: z.strictObject({ name: toolName }),
  }).optional(),
});

const METADATA_TEXT = /^[a-zA-Z0-9\s:_@$#=/+,.-]*$/;

const converseFields = {
  messages: z.array(message).min(1),
  system: z.array(oneOf({ text, guardContent, cachePoint })).optional(),
  inferenceConfig: z
    .strictObject({
      maxTokens: z.int().min(1).optional(),
      temperature: z.number().min(0).max(1).optional(),
      topP: z.number().min(0).max(1).optional(),
      stopSequences: z.array(text).max(2500).optional(),
    })
    .optional(),
  toolConfig: toolConfig.optional(),
  additionalModelRequestFields: z.record(z.string(), z.unknown()).optional(),
  additionalModelResponseFieldPaths: z
    .array(
      z
        .string()
        .min(1)
        .max(256)
        .regex(/^(\/[^/]+)+$/),
    )
    .max(10)
    .optional(),
  promptVariables: z.record(z.string(), oneOf({ text: z.string() })).optional(),
  requestMetadata: z
    .record(
      z.string().min(1).max(256).regex(METADATA_TEXT),
      z.string().max(256).regex(METADATA_TEXT),
    )
    .refine((tags) => Object.keys(tags).length <= 16, "Map must have at most 16 entries")
    .optional(),
  performanceConfig: z
    .strictObject({ latency: z.enum(["standard", "optimized"]).optional() })
    .optional(),
  serviceTier: z
    .strictObject({ type: z.enum(["priority", "default", "flex", "reserved"]) })
    .optional(),
  outputConfig: z
    .strictObject({
      textFormat: z
        .strictObject({
          type: z.literal("json_schema"),
          structure: oneOf({
            jsonSchema: z.strictObject({
              schema: z.string(),
              name: z.string().optional(),
              description: z.string().optional(),
            }),
          }),
        })
        .optional(),
      effort: z.string().max(16).optional(),
    })
    .optional(),
};

const guardrailConfig = z.strictObject({
  guardrailIdentifier: z
    .string()
    .max(2048)
    .regex(/^([a-z0-9]*|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)$/)
    .optional(),
  guardrailVersion: z
    .string()
    .regex(/^(|[1-9][0-9]{0,7}|DRAFT)$/)
    .optional(),
  trace: z.enum(["enabled", "disabled", "enabled_full"]).optional(),
});

export const converseRequest = z.strictObject({
  ...converseFields,
  guardrailConfig: guardrailConfig.optional(),
});

export const converseStreamRequest = z.strictObject({
  ...converseFields,
  guardrailConfig: guardrailConfig
    .extend({ streamProcessingMode: z.enum(["sync", "async"]).optional() })
    .optional(),
});

export type ConverseRequest = z.infer<typeof converseStreamRequest>;
