import fc from "fast-check";
import { answer, inputTokens, instance, type Prompt, pieces, tokens } from "./script.ts";

const prompt = (fields: Partial<Prompt>): Prompt => ({
  texts: [fields.userText ?? ""],
  userText: "",
  toolResults: [],
  images: 0,
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: true,
  reasoning: false,
  stop: [],
  ...fields,
});

const weather = {
  name: "get_weather",
  schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

test("echoes, and counts a token for four bytes", () => {
  const { text, finish, usage } = answer(prompt({ userText: "Grüße" }));
  expect(text).toBe("You said: Grüße");
  expect(finish).toBe("stop");
  expect(usage).toEqual({ input: 2, output: 5, reasoning: 0 });
  expect(inputTokens({ texts: ["abcd", "e"], images: 2 })).toBe(2 + 2 * 85);
});

test.each<[string, Partial<Prompt>, object[]]>([
  ["by name", { userText: "use the tool other now" }, [{ name: "other", input: {} }]],
  [
    "by topic, once for each city",
    { userText: "The weather in Paris and Rome?" },
    [
      { name: "get_weather", input: { city: "Paris" } },
      { name: "get_weather", input: { city: "Rome" } },
    ],
  ],
  [
    "once, where parallel calls are off",
    { userText: "The weather in Paris and Rome?", parallelToolCalls: false },
    [{ name: "get_weather", input: { city: "Paris" } }],
  ],
  [
    "because it has to",
    { userText: "Hi", toolChoice: "required" },
    [{ name: "get_weather", input: { city: "Hi" } }],
  ],
  ["because it was named", { toolChoice: { name: "other" } }, [{ name: "other", input: {} }]],
  ["never", { userText: "The weather in Paris?", toolChoice: "none" }, []],
  ["not without being asked", { userText: "Hi" }, []],
  ["not once it has results", { userText: "The weather in Paris?", toolResults: ["18"] }, []],
])("calls tools %s", (_, fields, calls) => {
  const tools = [weather, { name: "other", schema: { type: "object" } }];
  const said = answer(prompt({ tools, ...fields }));
  expect(said.calls).toEqual(calls);
  expect(said.finish).toBe(calls.length > 0 ? "tool-use" : "stop");
});

test("stops at a stop sequence, and names it", () => {
  expect(answer(prompt({ userText: "one two three", stop: ["three", "two"] }))).toMatchObject({
    text: "You said: one ",
    finish: "stop-sequence",
    stopSequence: "two",
  });
});

test("never exceeds its limit, nor cuts a character in two", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 20 }),
      (userText, maxTokens) => {
        const { text, finish, usage } = answer(prompt({ userText, maxTokens }));
        const whole = `You said: ${userText}`;
        expect(usage.output).toBeLessThanOrEqual(maxTokens);
        expect(whole.startsWith(text)).toBe(true);
        expect(finish).toBe(text === whole ? "stop" : "length");
      },
    ),
  );
});

test("pieces make up the text", () => {
  fc.assert(fc.property(fc.string(), (text) => expect(pieces(text).join("")).toBe(text)));
});

test("structured output is an instance of the schema", () => {
  const schema = {
    type: "object",
    properties: {
      name: { type: "string" },
      age: { type: "integer", minimum: 18 },
      kind: { enum: ["a", "b"] },
      tags: { type: "array", items: { $ref: "#/$defs/tag" } },
      note: { anyOf: [{ type: "null" }, { type: "string" }] },
    },
    $defs: { tag: { type: "object", properties: { on: { type: "boolean" } } } },
  };
  const made = { name: "Ada", age: 18, kind: "a", tags: [{ on: true }], note: null };
  expect(instance(schema, "Ada")).toEqual(made);
  expect(JSON.parse(answer(prompt({ userText: "Ada", json: { schema } })).text)).toEqual(made);
});

test("a schema that contains itself ends somewhere", () => {
  const schema = {
    $ref: "#/$defs/node",
    $defs: { node: { properties: { next: { $ref: "#/$defs/node" } } } },
  };
  expect(JSON.stringify(instance(schema, "")).length).toBeLessThan(200);
});

test("reasons before it speaks, and counts both", () => {
  const { thinking, usage } = answer(prompt({ userText: "Hi", reasoning: true }));
  expect(thinking).toBe("The user said: Hi");
  expect(usage.reasoning).toBe(tokens("The user said: Hi"));
  expect(usage.output).toBe(usage.reasoning + tokens("You said: Hi"));
});
