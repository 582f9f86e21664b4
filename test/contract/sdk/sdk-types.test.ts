/**
 * The vendors' SDKs as oracles: what the gateway writes to providers and to clients in the golden cases is
 * what their types say, with no member that they do not know.
 */
import { dirname, join } from "node:path";
import ts from "typescript";
import { loadCases } from "../providers/cases.ts";
import { type Golden, goldens } from "./golden.ts";

const FILE = join(__dirname, "virtual.ts");

/** Compiles a file with each value as a literal of its type; errors by the line they are in. */
function faultsIn(values: readonly Golden[]): string[] {
  const lines = values.map(
    ({ type, value }, at) =>
      `export const v${at}: WireTypes[${JSON.stringify(type)}] = ${JSON.stringify(value)};`,
  );
  const text = ['import type { WireTypes } from "./wire-types.ts";', ...lines].join("\n");
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    lib: ["lib.es2024.d.ts", "lib.dom.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ["node"],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === FILE
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2024)
      : getSourceFile.call(host, name, ...rest);
  host.fileExists = (name) => name === FILE || fileExists.call(host, name);
  host.readFile = (name) => (name === FILE ? text : readFile.call(host, name));
  const program = ts.createProgram([FILE], options, host);
  const file = program.getSourceFile(FILE);
  if (file === undefined) throw new Error("the values were not compiled");
  const diagnostics = [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ];
  return diagnostics.map(({ start = 0, messageText }) => {
    const { line } = file.getLineAndCharacterOfPosition(start);
    const { name = "the program" } = values[line - 1] ?? {};
    return `${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

/** The same value once, whatever number of cases has it. */
function distinct(values: readonly Golden[]): Golden[] {
  const seen = new Map<string, Golden>();
  for (const value of values) {
    const key = value.type + JSON.stringify(value.value);
    if (!seen.has(key)) seen.set(key, value);
  }
  return [...seen.values()];
}

/** Of a type that has no such member: shows that faults are found. */
const MADE_UP: Golden = {
  name: "made up",
  type: "message count",
  value: { input_tokens: 1, created: 1 },
};

const all = distinct(goldens());

test("every request and every answer is of its SDK's type", () => {
  const values = all.filter(({ type }) => !type.startsWith("Cohere"));
  expect(values.length).toBeGreaterThan(500);
  expect(faultsIn([...values, MADE_UP])).toEqual([
    expect.stringMatching(/^made up: .*created.* does not exist/),
  ]);
});

interface Reader {
  parse(raw: unknown, options: { unrecognizedObjectKeys: "fail" | "strip" }): { ok: boolean };
}

describe("Cohere's SDK reads", () => {
  // What it reads and writes with is not among what it exports.
  const {
    v2,
  }: {
    v2: Record<
      "V2ChatRequest" | "V2ChatResponse" | "V2ChatStreamResponse" | "V2RerankResponse",
      Reader
    >;
  } = require(join(dirname(require.resolve("cohere-ai")), "serialization"));
  const strictly = { unrecognizedObjectKeys: "fail" } as const;
  const cases = (schemas: readonly string[], ids: readonly string[]) =>
    [...loadCases()].flatMap(([schema, { exchanges }]) =>
      ids.flatMap((id) =>
        exchanges(id)
          .filter(() => schemas.length === 0 || schemas.includes(schema))
          .map(({ name, content }) => ({ name: `${id} to ${schema}, ${name}`, content })),
      ),
    );
  const asked = cases(
    ["Cohere"],
    ["chat-completions", "completions", "messages", "responses", "generate-content"],
  );
  const ranked = cases([], ["rerank"]).filter(({ content }) => content.whole?.client !== undefined);

  test("nothing that it does not know", () => {
    const request = { model: "m", messages: [{ role: "user", content: "Hi" }] };
    expect(v2.V2ChatRequest.parse(request, strictly)).toMatchObject({ ok: true });
    expect(v2.V2ChatRequest.parse({ ...request, unknown: 1 }, strictly).ok).toBe(false);
  });

  test.each(asked)("$name", ({ content }) => {
    const { model, stream, ...body } = Object(content.upstream.body);
    expect(typeof model).toBe("string");
    const read = v2.V2ChatRequest.parse({ model, ...body }, strictly);
    expect(read).toMatchObject({ ok: true });
  });

  test("every answer to its clients", () => {
    const answers = all.filter(({ type }) => type.startsWith("Cohere"));
    expect(answers.length).toBeGreaterThan(100);
    const faults = answers.flatMap(({ name, type, value }) => {
      const reader = type === "Cohere answer" ? v2.V2ChatResponse : v2.V2ChatStreamResponse;
      // The first event of Cohere's own streams has empty lists that its types leave out.
      const begins = Object(value).type === "message-start";
      const read = reader.parse(value, begins ? { unrecognizedObjectKeys: "strip" } : strictly);
      return read.ok ? [] : [`${name}: ${JSON.stringify(read)}`];
    });
    expect(faults).toEqual([]);
  });

  test.each(ranked)("$name", ({ content }) => {
    expect(v2.V2RerankResponse.parse(content.whole?.client, strictly)).toMatchObject({ ok: true });
  });
});
