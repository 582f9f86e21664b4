import { asOneObject, vertexSchema } from "./schema.ts";

const converted = (schema: Record<string, unknown>) => {
  const dropped = new Set<string>();
  return { schema: vertexSchema(schema, "tools", dropped), dropped: [...dropped] };
};

test.each([
  ["types are in capitals", { type: "string" }, { type: "STRING" }],
  [
    "nothing stands beside alternatives",
    {
      description: "Where",
      default: "x",
      anyOf: [{ type: "string" }, { type: "integer" }, { type: "null" }],
    },
    {
      anyOf: [
        { description: "Where", default: "x", nullable: true, type: "STRING" },
        { description: "Where", default: "x", nullable: true, type: "INTEGER" },
      ],
    },
  ],
  [
    "what all alternatives share is in each",
    {
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      oneOf: [{ properties: { b: { type: "string" } }, required: ["b"] }, { required: ["a"] }],
    },
    {
      anyOf: [
        {
          type: "OBJECT",
          properties: { a: { type: "STRING" }, b: { type: "STRING" } },
          required: ["a", "b"],
        },
        { type: "OBJECT", properties: { a: { type: "STRING" } }, required: ["a"] },
      ],
    },
  ],
  [
    "several types are alternatives",
    { type: ["string", "number", "null"], title: "It" },
    {
      anyOf: [
        { title: "It", nullable: true, type: "STRING" },
        { title: "It", nullable: true, type: "NUMBER" },
      ],
    },
  ],
  [
    "an object and a list are known by what they have",
    { properties: { a: { items: { type: "boolean" } } } },
    {
      type: "OBJECT",
      properties: { a: { type: "ARRAY", items: { type: "BOOLEAN" } } },
    },
  ],
])("%s", (_, given, expected) => {
  expect(converted(given)).toEqual({ schema: expected, dropped: [] });
});

test("what may be anything is narrowed, and that is told", () => {
  const any = { anyOf: [{ type: "STRING" }, { type: "NUMBER" }, { type: "BOOLEAN" }] };
  expect(converted({ type: "object", properties: { list: { type: "array" }, it: {} } })).toEqual({
    schema: { type: "OBJECT", properties: { list: { type: "ARRAY", items: any }, it: any } },
    dropped: ["tools: a value of any type"],
  });
});

test("alternatives of what a function takes become one object", () => {
  const { schema } = converted({
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    anyOf: [{ properties: { b: { type: "string" } }, required: ["b"] }, {}],
  });
  expect(asOneObject(schema)).toEqual({
    type: "OBJECT",
    properties: { a: { type: "STRING" }, b: { type: "STRING" } },
    required: ["a"],
  });
});
