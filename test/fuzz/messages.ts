import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ProcessingRequestSchema } from "../../protos/gen/envoy/service/ext_proc/v3/external_processor_pb.ts";
import { ExportLogsServiceRequestSchema } from "../../protos/gen/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts";
import { finishedLine } from "../../runtime/ext_proc/accounting/testdata/line.ts";

type Init = MessageInitShape<typeof ProcessingRequestSchema>;

const request = (init: Init): Buffer =>
  Buffer.from(toBinary(ProcessingRequestSchema, create(ProcessingRequestSchema, init)));

const headers = (values: Record<string, string>) => ({
  headers: {
    headers: Object.entries(values).map(([key, value]) => ({ key, rawValue: Buffer.from(value) })),
  },
});

const asked = (endpoint: string): Buffer =>
  request({
    request: {
      case: "requestHeaders",
      value: headers({
        ":path": "/v1/x?y=z",
        "content-type": "multipart/form-data; boundary=b",
        "x-ai-eg-endpoint": endpoint,
        "x-ai-eg-model": "a-model",
      }),
    },
    protocolConfig: { requestBodyMode: 2, responseBodyMode: 4 },
  });

const body = (which: "requestBody" | "responseBody", text: string, endOfStream: boolean): Buffer =>
  request({ request: { case: which, value: { body: Buffer.from(text), endOfStream } } });

const answered = (values: Record<string, string>): Buffer =>
  request({ request: { case: "responseHeaders", value: headers(values) } });

/** Messages as Envoy sends them to ext_proc and to accounting. */
export const messages: readonly Buffer[] = [
  asked("chat-completions"),
  asked("messages"),
  asked("embeddings"),
  asked("transcriptions"),
  body("requestBody", '{"model":"m","messages":[{"role":"user","content":"hi"}]}', true),
  body("requestBody", '{"model":"m","max_tokens":1,"messages":[]}', true),
  body("requestBody", '{"model":"m","input":"hi"}', true),
  body(
    "requestBody",
    '--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nm\r\n--b--',
    true,
  ),
  answered({ ":status": "200", "content-type": "text/event-stream" }),
  answered({ ":status": "200", "content-type": "application/json", "content-encoding": "gzip" }),
  answered({ ":status": "429", "retry-after": "7" }),
  body("responseBody", 'data: {"choices":[{"delta":{"content":"x"}}]}\n\n', false),
  body("responseBody", '{"error":{"message":"m"}}', true),
  body("responseBody", "", true),
  request({ request: { case: "responseTrailers", value: {} } }),
  Buffer.from(
    toBinary(
      ExportLogsServiceRequestSchema,
      create(ExportLogsServiceRequestSchema, {
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: [
                  finishedLine({ usage: { inputTokens: 3, model: "m" } }),
                  finishedLine({ stream: { "gen_ai.usage.output_tokens": 4 } }),
                ].map((value) => ({ body: { value: { case: "stringValue" as const, value } } })),
              },
            ],
          },
        ],
      }),
    ),
  ),
];
