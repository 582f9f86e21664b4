import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { HTTPAccessLogEntry } from "../../../protos/gen/envoy/data/accesslog/v3/accesslog_pb.ts";
import { StreamAccessLogsMessageSchema } from "../../../protos/gen/envoy/service/accesslog/v3/als_pb.ts";
import { endpointById } from "../../endpoints/registry.ts";
import { Reader, WireError } from "../wire/reader.ts";
import { BREAKS, readLogEntries } from "./decode.ts";
import { readLogEntry } from "./record.ts";
import { logEntry, ms } from "./testdata/entry.ts";

const NAMESPACE = "io.envoy.ai_gateway";

const encode = (entries: HTTPAccessLogEntry[]): Buffer =>
  Buffer.from(
    toBinary(
      StreamAccessLogsMessageSchema,
      create(StreamAccessLogsMessageSchema, {
        identifier: { logName: "aigateway", node: { id: "envoy" } },
        logEntries: { case: "httpLogs", value: { logEntry: entries } },
      }),
    ),
  );

const decode = (bytes: Buffer): ReturnType<typeof readLogEntries> =>
  readLogEntries(new Reader(bytes), NAMESPACE);

const text = fc.string({ maxLength: 12 });
const time = fc.integer({ min: 0, max: 4_000_000 }).map(ms);
const entry = fc
  .record({
    status: fc.constantFrom(0, 200, 429, 503),
    tags: fc.dictionary(fc.constantFrom("provider", "model_name_override", "x"), text),
    metadata: fc.dictionary(
      fc.constantFrom("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "response_model"),
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text, fc.boolean()),
    ),
    flag: fc.option(fc.constantFrom(...BREAKS.map(([, name]) => name))),
    attempts: fc.integer({ min: 0, max: 3 }),
    type: fc.constantFrom(0, 4, 5, 6),
    contentType: fc.constantFrom("application/json", "text/event-stream"),
    first: time,
    last: time,
  })
  .map(({ status, tags, metadata, flag, attempts, type, contentType, first, last }) =>
    logEntry({
      status,
      tags,
      metadata,
      contentType,
      ...(flag ? { flags: { [flag]: true } } : {}),
      common: {
        upstreamRequestAttemptCount: attempts,
        accessLogType: type,
        timeToFirstUpstreamRxByte: first,
        timeToLastUpstreamRxByte: last,
      },
    }),
  );

test("entries say what they say when all of their fields are read", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
      const bytes = encode(entries);
      const whole = fromBinary(StreamAccessLogsMessageSchema, bytes).logEntries;
      const all = whole.case === "httpLogs" ? whole.value.logEntry : [];
      const readings = decode(bytes).map((it) => readLogEntry(it, endpointById));
      expect(readings).toEqual(all.map((it) => readLogEntry(it, endpointById)));
    }),
    { numRuns: 200 },
  );
});

test("metadata of other namespaces is passed over", () => {
  const foreign = logEntry({ metadata: { cost: 3 } });
  Object.assign(foreign.commonProperties?.metadata?.filterMetadata ?? {}, { other: { secret: 1 } });
  const [decoded] = decode(encode([foreign]));
  expect(decoded?.commonProperties?.metadata?.filterMetadata).toEqual({ [NAMESPACE]: { cost: 3 } });
});

test("a message that was cut is refused", () => {
  const bytes = encode([logEntry({ metadata: { "gen_ai.usage.input_tokens": 1 } })]);
  expect(() => decode(bytes.subarray(0, bytes.length - 5))).toThrow(WireError);
});
