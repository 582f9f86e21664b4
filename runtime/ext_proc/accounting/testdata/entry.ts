import { create, type JsonObject, type MessageInitShape } from "@bufbuild/protobuf";
import { type Duration, DurationSchema } from "@bufbuild/protobuf/wkt";
import {
  type AccessLogCommon,
  AccessLogType,
  type HTTPAccessLogEntry,
  HTTPAccessLogEntrySchema,
  type ResponseFlagsSchema,
} from "../../../../protos/gen/envoy/data/accesslog/v3/accesslog_pb.ts";

export interface EntryFacts {
  requestHeaders?: Record<string, string>;
  contentType?: string;
  status?: number;
  tags?: Record<string, string>;
  /** In the namespace `io.envoy.ai_gateway`. */
  metadata?: JsonObject;
  common?: Partial<
    Pick<
      AccessLogCommon,
      | "accessLogType"
      | "duration"
      | "timeToLastRxByte"
      | "timeToFirstUpstreamTxByte"
      | "timeToFirstUpstreamRxByte"
      | "timeToLastUpstreamRxByte"
      | "timeToFirstDownstreamTxByte"
      | "timeToLastDownstreamTxByte"
      | "upstreamRequestAttemptCount"
    >
  >;
  flags?: MessageInitShape<typeof ResponseFlagsSchema>;
}

export const ms = (milliseconds: number): Duration =>
  create(DurationSchema, {
    seconds: BigInt(Math.floor(milliseconds / 1000)),
    nanos: Math.round((milliseconds % 1000) * 1e6),
  });

/** What Envoy logs of a chat that OpenAI answered whole, but for what the facts say. */
export const logEntry = (facts: EntryFacts = {}): HTTPAccessLogEntry =>
  create(HTTPAccessLogEntrySchema, {
    commonProperties: {
      accessLogType: AccessLogType.DownstreamEnd,
      timeToLastRxByte: ms(1),
      timeToFirstUpstreamTxByte: ms(3),
      timeToFirstUpstreamRxByte: ms(400),
      timeToLastUpstreamRxByte: ms(1400),
      timeToFirstDownstreamTxByte: ms(401),
      timeToLastDownstreamTxByte: ms(1500),
      upstreamRequestAttemptCount: 1,
      customTags: {
        provider: "openai",
        ...facts.tags,
      },
      metadata: { filterMetadata: { "io.envoy.ai_gateway": facts.metadata ?? {} } },
      ...(facts.flags && { responseFlags: facts.flags }),
      ...facts.common,
    },
    request: {
      requestHeaders: {
        "x-ai-eg-model": "gpt-5",
        "x-ai-eg-endpoint": "chat-completions",
        "x-ai-eg-lane": "native",
        ...facts.requestHeaders,
      },
    },
    response: {
      responseCode: facts.status ?? 200,
      responseHeaders: { "content-type": facts.contentType ?? "application/json" },
    },
  });
