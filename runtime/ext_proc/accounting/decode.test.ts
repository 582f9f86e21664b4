import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ExportLogsServiceRequestSchema } from "../../../protos/gen/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts";
import { Reader, WireError } from "../wire/reader.ts";
import { readLogBodies } from "./decode.ts";

const encode = (resources: string[][][]): Buffer =>
  Buffer.from(
    toBinary(
      ExportLogsServiceRequestSchema,
      create(ExportLogsServiceRequestSchema, {
        resourceLogs: resources.map((scopes) => ({
          scopeLogs: scopes.map((bodies) => ({
            logRecords: bodies.map((text) => ({
              timeUnixNano: 5n,
              body: { value: { case: "stringValue" as const, value: text } },
            })),
          })),
        })),
      }),
    ),
  );

test("reads what a library writes", () => {
  const bodies = fc.array(fc.array(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 })));
  fc.assert(
    fc.property(bodies, (resources) => {
      expect(readLogBodies(new Reader(encode(resources)))).toEqual(resources.flat(2));
    }),
  );
});

test("records without a text are passed over", () => {
  const request = create(ExportLogsServiceRequestSchema, {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{}, { body: {} }] }] }],
  });
  const bytes = Buffer.from(toBinary(ExportLogsServiceRequestSchema, request));
  expect(readLogBodies(new Reader(bytes))).toEqual([]);
});

test("a message that was cut is refused", () => {
  const bytes = encode([[["a line"]]]);
  expect(() => readLogBodies(new Reader(bytes.subarray(0, bytes.length - 3)))).toThrow(WireError);
});
