import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import {
  type HeaderMutation as GeneratedMutation,
  type ProcessingResponse as GeneratedResponse,
  ProcessingRequestSchema,
  ProcessingResponseSchema,
} from "../../../protos/gen/envoy/service/ext_proc/v3/external_processor_pb.ts";
import { FrameReader, MessageTooLarge } from "./framing.ts";
import { WireError } from "./reader.ts";
import { BodyMode, decodeProcessingRequest } from "./request.ts";
import {
  type Answer,
  type DynamicMetadata,
  encodeProcessingResponse,
  type HeaderMutation,
} from "./response.ts";

const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((b) => Buffer.from(b));
const headerName = fc.stringMatching(/^[:a-z][a-z0-9-]{0,30}$/);
const headerValue = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((c) => String.fromCharCode(c)),
  maxLength: 60,
});

describe("requests", () => {
  const headers = fc.uniqueArray(fc.tuple(headerName, headerValue), {
    selector: ([name]) => name,
    maxLength: 12,
  });
  const direction = fc.constantFrom("request", "response");
  const event = fc.oneof(
    fc.record({ what: fc.constant("Headers"), direction, headers, end: fc.boolean() }),
    fc.record({ what: fc.constant("Body"), direction, body: bytes(5000), end: fc.boolean() }),
    fc.record({ what: fc.constant("Trailers"), direction, headers }),
  );

  test("mean what the generated encoder was told", () => {
    fc.assert(
      fc.property(event, fc.boolean(), fc.option(fc.nat(4)), (sent, observability, mode) => {
        const encoded = toBinary(
          ProcessingRequestSchema,
          create(ProcessingRequestSchema, {
            request: generatedEvent(sent),
            observabilityMode: observability,
            metadataContext: { filterMetadata: { some: { key: "value" } } },
            attributes: { "envoy.filters.http.ext_proc": { a: 1 } },
            ...(mode === null
              ? {}
              : { protocolConfig: { requestBodyMode: 2, responseBodyMode: mode as 2 } }),
          }),
        );
        const message = decodeProcessingRequest(Buffer.from(encoded));
        expect(message.observabilityMode).toBe(observability);
        expect(message.bodyModes).toEqual(
          mode === null ? undefined : { request: BodyMode.buffered, response: mode },
        );
        const { event: got } = message;
        expect(got?.kind).toBe(`${sent.direction}-${sent.what.toLowerCase()}`);
        if (got === undefined) return;
        if ("headers" in got && "headers" in sent) {
          for (const [name, value] of sent.headers) expect(got.headers(name)).toBe(value);
          expect(got.headers("x-not-there")).toBeUndefined();
        }
        if ("body" in got && "body" in sent) expect(got.body.equals(sent.body)).toBe(true);
        if ("end" in sent && "endOfStream" in got) expect(got.endOfStream).toBe(sent.end);
      }),
      { numRuns: 300 },
    );
  });

  type Sent = typeof event extends fc.Arbitrary<infer T> ? T : never;
  function generatedEvent(sent: Sent) {
    const map = (all: [string, string][]) => ({
      headers: all.map(([key, value]) => ({ key, rawValue: Buffer.from(value, "latin1") })),
    });
    const kind = `${sent.direction}${sent.what}` as "requestHeaders";
    const value =
      "body" in sent
        ? { body: sent.body, endOfStream: sent.end }
        : "end" in sent
          ? { headers: map(sent.headers), endOfStream: sent.end }
          : { trailers: map(sent.headers) };
    return { case: kind, value } as never;
  }

  test("the first of several values is found, in either field", () => {
    const encoded = toBinary(
      ProcessingRequestSchema,
      create(ProcessingRequestSchema, {
        request: {
          case: "requestHeaders",
          value: {
            headers: {
              headers: [
                { key: "accept", value: "a" },
                { key: "accept", rawValue: Buffer.from("b") },
                { key: "empty" },
              ],
            },
          },
        },
      }),
    );
    const { event } = decodeProcessingRequest(Buffer.from(encoded));
    if (event?.kind !== "request-headers") throw new Error("no headers");
    expect(event.headers("accept")).toBe("a");
    expect(event.headers("empty")).toBe("");
  });

  test("any bytes decode or are refused, and nothing else happens", () => {
    fc.assert(
      fc.property(bytes(60), (garbage) => {
        try {
          const { event } = decodeProcessingRequest(garbage);
          if (event && "headers" in event) event.headers("a");
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("a message cut short is refused", () => {
    const whole = Buffer.from(
      toBinary(
        ProcessingRequestSchema,
        create(ProcessingRequestSchema, {
          request: { case: "requestBody", value: { body: Buffer.alloc(50), endOfStream: true } },
        }),
      ),
    );
    expect(() => decodeProcessingRequest(whole.subarray(0, -1))).toThrow(WireError);
  });
});

describe("responses", () => {
  const headers = fc.record({
    set: fc.array(fc.tuple(headerName, headerValue), { maxLength: 6 }),
    remove: fc.array(headerName, { maxLength: 4 }),
  });
  const body = fc.oneof(
    fc.record({ mode: fc.constant("replace" as const), body: bytes(3000) }),
    fc.record({
      mode: fc.constant("stream" as const),
      parts: fc.array(bytes(900), { maxLength: 5 }),
      endOfStream: fc.boolean(),
    }),
  );
  const maybe = { requiredKeys: ["kind"] as ["kind"] };
  const answer = fc.oneof(
    fc.record(
      { kind: fc.constantFrom("request-headers" as const, "response-headers" as const), headers },
      maybe,
    ),
    fc.record(
      { kind: fc.constantFrom("request-body" as const, "response-body" as const), headers, body },
      maybe,
    ),
    fc.record({ kind: fc.constantFrom("request-trailers" as const, "response-trailers" as const) }),
    fc.record({
      kind: fc.constant("immediate" as const),
      status: fc.constantFrom(400, 413, 500, 502),
      headers,
      body: bytes(2000),
      details: fc.string({ maxLength: 40 }),
    }),
  ) as fc.Arbitrary<Answer>;
  const metadata: fc.Arbitrary<DynamicMetadata> = fc.record({
    namespace: fc.constantFrom("io.envoy.ai_gateway", "ä"),
    values: fc.dictionary(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), fc.boolean()),
      { noNullPrototype: true, maxKeys: 8 },
    ),
  });

  test("mean to the generated decoder what they were told to", () => {
    fc.assert(
      fc.property(answer, fc.option(metadata, { nil: undefined }), (told, meta) => {
        const framed = encodeProcessingResponse({
          answer: told,
          ...(meta === undefined ? {} : { metadata: meta }),
        });
        const [message, ...others] = new FrameReader(1 << 20).push(framed);
        expect(others).toEqual([]);
        const got = fromBinary(ProcessingResponseSchema, message ?? Buffer.alloc(0));
        expect(got.dynamicMetadata).toEqual(
          meta === undefined ? undefined : { [meta.namespace]: meta.values },
        );
        expectAnswer(got, told);
      }),
      { numRuns: 300 },
    );
  });

  function expectAnswer({ response: got }: GeneratedResponse, told: Answer): void {
    if (got.case === "immediateResponse" && told.kind === "immediate") {
      expect(got.value.status?.code).toBe(told.status);
      expect(got.value.details).toBe(told.details);
      expect(told.body.equals(got.value.body)).toBe(true);
      expectHeaders(got.value.headers, told.headers);
      return;
    }
    expect(got.case?.toLowerCase()).toBe(told.kind.replace("-", ""));
    if (!hasCommonResponse(got)) return;
    const { response } = got.value;
    expectHeaders(response?.headerMutation, "headers" in told ? told.headers : undefined);
    const mutation = response?.bodyMutation?.mutation;
    const body = "body" in told && !Buffer.isBuffer(told.body) ? told.body : undefined;
    if (body?.mode === "replace") {
      expect(mutation).toMatchObject({ case: "body" });
      expect(body.body.equals(mutation?.value as Uint8Array)).toBe(true);
    } else if (body?.mode === "stream") {
      if (mutation?.case !== "streamedResponse") throw new Error("not streamed");
      expect(mutation.value.endOfStream).toBe(body.endOfStream);
      expect(Buffer.concat(body.parts).equals(mutation.value.body)).toBe(true);
    } else {
      expect(mutation?.value).toBeUndefined();
    }
  }

  type OneOf = GeneratedResponse["response"];
  const hasCommonResponse = (
    response: OneOf,
  ): response is Extract<OneOf, { case: `${string}Headers` | `${string}Body` }> =>
    response.case?.endsWith("Headers") === true || response.case?.endsWith("Body") === true;

  function expectHeaders(got: GeneratedMutation | undefined, told: HeaderMutation | undefined) {
    expect(got?.removeHeaders).toEqual(told?.remove);
    expect(
      got?.setHeaders.map(({ header, appendAction }) => [
        header?.key,
        Buffer.from(header?.rawValue ?? []).toString("latin1"),
        appendAction,
      ]),
    ).toEqual(told?.set.map(([name, value]) => [name, value, 2]));
  }
});

describe("framing", () => {
  const frame = (message: Buffer): Buffer => {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    return Buffer.concat([prefix, message]);
  };

  test("messages survive however their bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(bytes(300), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 }),
        (messages, sizes) => {
          const stream = Buffer.concat(messages.map(frame));
          const reader = new FrameReader(1000);
          const got: Buffer[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            got.push(...reader.push(stream.subarray(at, at + size)));
            at += size;
          }
          reader.finish();
          expect(got.map((m) => m.toString("hex"))).toEqual(messages.map((m) => m.toString("hex")));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a message above the limit is refused by its prefix", () => {
    const large = frame(Buffer.alloc(101)).subarray(0, 5);
    expect(() => new FrameReader(100).push(large)).toThrow(MessageTooLarge);
  });

  test("a compressed message and a stream that ends inside one are refused", () => {
    const compressed = frame(Buffer.from("x"));
    compressed[0] = 1;
    expect(() => new FrameReader(100).push(compressed)).toThrow(/compressed/);
    const reader = new FrameReader(100);
    reader.push(frame(Buffer.from("abc")).subarray(0, 6));
    expect(() => reader.finish()).toThrow(/inside a message/);
  });
});
