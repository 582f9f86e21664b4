import type { Cost } from "../../program/program.ts";
import { BodyMode } from "../wire/request.ts";
import { bodyOf, drive, headersSet, lookup, metadataOf, program } from "./testdata/drive.ts";
import { fakeEnvironment } from "./testdata/fakes.ts";

const COSTS: Cost[] = [
  { key: "in", type: "InputToken" },
  { key: "total", type: "TotalToken" },
];
const same = program({ schema: "Same", prefix: "up", costs: COSTS });
const other = program({ schema: "Other", costs: COSTS });

describe("a request to a provider of the same protocol", () => {
  test("gets its path, and keeps its body", async () => {
    const { request } = drive(same, fakeEnvironment());
    const sent = await request('{"model":"asked"}', { "x-ai-eg-original-path": "/v1/chat?a=b" });
    expect(sent.answer).not.toHaveProperty("body");
    expect(headersSet(sent)).toEqual({
      ":path": "/up/v1/chat?m=asked&a=b",
      "content-length": "17",
    });
  });

  test("gets model and mutations spliced into its bytes", async () => {
    const edits = { remove: ["seed", "n"], set: [["n", "2"]] as [string, string][] };
    const { request } = drive(
      program({ model: "new", body: edits, costs: COSTS }),
      fakeEnvironment(),
    );
    const sent = await request('{ "n": 1e2, "big":12345678901234567890, "model" :"a","seed":1}');
    expect(bodyOf([sent])).toBe('{ "n": 2, "big":12345678901234567890, "model" :"new"}');
    expect(headersSet(sent)).toMatchObject({
      ":path": "/fake/v1/chat?m=new",
      "content-length": "53",
    });
  });

  test.each([
    ['{"stream":true}', '{"stream":true,"stream_options":{"include_usage":true}}'],
    [
      '{"stream":true,"stream_options":null}',
      '{"stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"stream":true,"stream_options":{"a":1}}',
      '{"stream":true,"stream_options":{"a":1,"include_usage":true}}',
    ],
    [
      '{"stream":true,"stream_options":{"include_usage":false}}',
      '{"stream":true,"stream_options":{"include_usage":true}}',
    ],
    ['{"stream":true,"stream_options":{"include_usage":true}}', ""],
    ['{"stream":false}', ""],
    ["{}", ""],
  ])("%s asks for usage where costs need it", async (body, expected) => {
    const sent = await drive(same, fakeEnvironment()).request(body);
    expect(bodyOf([sent])).toBe(expected);
    const free = await drive(program({}), fakeEnvironment()).request(body);
    expect(bodyOf([free])).toBe("");
  });

  test("writes names and estimates before anything is known", async () => {
    const { request } = drive(program({ model: "new", costs: COSTS }), fakeEnvironment());
    expect(metadataOf([await request('{"model":"asked"}')])).toEqual({
      route_name: "ns/route",
      backend_name: "ns/backend",
      ai_service_backend_name: "ns/backend",
      model_name_override: "new",
      original_model: "asked",
      in: 5,
      total: 5,
    });
  });

  test("names of models are text, and their bytes cannot leave the path", async () => {
    const name = Buffer.from("modèle").toString("latin1");
    const sent = await drive(program({ model: "m" }), fakeEnvironment()).request("{}", {
      "x-ai-eg-model": name,
    });
    expect(metadataOf([sent]).original_model).toBe("modèle");
    for (const model of ["a b", "a\nb", "a\u010ab"]) {
      const { answer } = await drive(program({ model }), fakeEnvironment()).request("{}");
      expect(answer).toMatchObject({ kind: "immediate", status: 422 });
    }
  });

  test("where Envoy keeps the bodies to itself, the path is set and nothing is claimed", async () => {
    const env = fakeEnvironment();
    const { session } = drive(same, env);
    const bodyModes = { request: BodyMode.none, response: BodyMode.none };
    const headers = lookup({ "x-ai-eg-endpoint": "chat", "x-ai-eg-model": "m", ":path": "/v1" });
    const [sent] = await session.handle({
      event: { kind: "request-headers", headers, endOfStream: false },
      bodyModes,
      observabilityMode: false,
    });
    expect(sent && headersSet(sent)).toEqual({ ":path": "/up/v1/chat?m=m" });
  });
});

describe("a request to a provider of another protocol", () => {
  test("is written anew, with the program's model and mutations", async () => {
    const env = fakeEnvironment();
    const text = program({
      schema: "Other",
      model: "dropping",
      version: "v9",
      body: { remove: ["turns"] },
    });
    const sent = await drive(text, env).request('{"model":"asked","stream":true}');
    expect(bodyOf([sent])).toBe('{"keep":1}');
    expect(headersSet(sent)).toEqual({
      ":path": "/fake/v9/models/dropping:stream",
      "x-fake": "stream",
      "content-length": "10",
    });
    expect(env.told).toEqual(["dropped seed"]);
  });

  const immediate = async (body: string, text: string | undefined, headers = {}) => {
    const env = fakeEnvironment();
    const { answer, metadata } = await drive(text, env).request(body, headers);
    if (answer.kind !== "immediate") throw new Error(`not refused: ${answer.kind}`);
    expect(metadata?.values).toEqual({ shaped: true });
    return { status: answer.status, body: answer.body.toString(), told: env.told };
  };

  test.each([
    ["not JSON", "{", 400, "the request body is not JSON"],
    ["no model", "{}", 422, "model: a string is needed"],
    ["impossible there", '{"model":"refused"}', 422, "model: this provider has no such thing"],
    [
      "too large",
      `{"model":"${"x".repeat(5000)}"}`,
      413,
      "the request body is larger than the 4096 bytes that this gateway accepts",
    ],
  ])("%s: refused in the client's shape", async (_name, body, status, message) => {
    const refused = await immediate(body, other);
    expect(refused).toEqual({
      status,
      body: JSON.stringify({ error: { status, message } }),
      told: [`refused ${status}`],
    });
  });

  test("a bug is an opaque 500", async () => {
    const refused = await immediate('{"model":"broken"}', other);
    expect(refused.body).toBe(
      '{"error":{"status":500,"message":"the gateway could not process this request"}}',
    );
    expect(refused.told).toEqual(["crashed a bug with a secret in its message", "refused 500"]);
  });

  test.each([
    ["missing", undefined, "missing"],
    ["of another version", '{"v":2}', "unknown-version"],
    ["that is none", "{", "invalid"],
    ["of an unknown schema", program({ schema: "Strange" }), "unservable"],
  ])("a program %s is said and counted", async (_name, text, reason) => {
    const refused = await immediate('{"model":"m"}', text);
    expect(refused.status).toBe(500);
    expect(refused.body).toContain("the gateway is misconfigured");
    expect(refused.told).toEqual([`program ${reason}`, "refused 500"]);
  });

  test("what the chosen backend cannot serve is refused with the reason, as no fault of the gateway's", async () => {
    const refused = await immediate('{"model":"m"}', program({ schema: "Mute" }));
    expect(refused.status).toBe(422);
    expect(refused.body).toContain("Mute has no chat");
    expect(refused.told).toEqual(["program unservable", "refused 422"]);
  });

  test("an endpoint that nobody knows is refused in a shape that most clients read", async () => {
    const refused = await immediate("{}", other, { "x-ai-eg-endpoint": "what" });
    expect(JSON.parse(refused.body)).toMatchObject({ error: { type: "server_error" } });
  });

  test("nothing is said after a refusal", async () => {
    const { request, tell } = drive(other, fakeEnvironment());
    await request("{");
    expect(
      await tell({ kind: "response-headers", headers: lookup({}), endOfStream: false }),
    ).toEqual([]);
  });

  test("a request without a body is wrong, not broken", async () => {
    const { tell } = drive(other, fakeEnvironment());
    const headers = lookup({ "x-ai-eg-endpoint": "chat" });
    const [answer] = await tell({ kind: "request-headers", headers, endOfStream: true });
    expect(answer?.answer).toMatchObject({ kind: "immediate", status: 400 });
  });
});
