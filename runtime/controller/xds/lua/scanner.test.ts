import fc from "fast-check";
import { LuaFactory } from "wasmoon";
import { SCANNER_LUA } from "./scanner.ts";

interface Found {
  model?: string;
  from?: number;
  to?: number;
  stream?: boolean;
  usage?: boolean;
}

let scan: (body: string) => { found?: Found; problem?: string };

beforeAll(async () => {
  const lua = await new LuaFactory().createEngine();
  await lua.doString(`${SCANNER_LUA}
    function run(s)
      local found, problem = scan(s)
      if not found then return { problem = problem } end
      return { found = found }
    end`);
  const run = lua.global.get("run");
  scan = (body) => run(body);
});

const other = fc
  .string()
  .filter((key) => !["model", "stream", "stream_options", "__proto__"].includes(key));

test("finds what JSON.parse finds, wherever it stands and however it is written", () => {
  fc.assert(
    fc.property(
      fc.dictionary(other, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }),
      fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
      fc.option(fc.boolean(), { nil: undefined }),
      fc.option(fc.boolean(), { nil: undefined }),
      fc.constantFrom(0, 1, 2),
      fc.nat(),
      (rest, model, stream, usage, indent, seed) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the scanner refuses these
        fc.pre(!/[\u0000-\u001f\u007f]/.test(model));
        const entries: [string, unknown][] = Object.entries(rest);
        entries.splice(seed % (entries.length + 1), 0, ["model", model]);
        if (stream !== undefined) entries.push(["stream", stream]);
        if (usage !== undefined) {
          entries.splice(0, 0, [
            "stream_options",
            { nested: { include_usage: 1 }, include_usage: usage },
          ]);
        }
        const body = JSON.stringify(Object.fromEntries(entries), null, indent);
        const { found } = scan(body);
        expect(found?.model).toBe(model);
        expect(found?.stream ?? false).toBe(stream ?? false);
        expect(found?.usage ?? false).toBe(usage ?? false);
      },
    ),
    { numRuns: 400 },
  );
});

test("never takes broken JSON for a request, nor breaks on it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ mode1') }), (text) => {
      const { found } = scan(text);
      if (found !== undefined) expect(text).toContain("model");
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['{"model":"a","messages":[{"model":"b"}]}', "a"],
  ['{"x":"\\"model\\":\\"b\\"","model":"a"}', "a"],
  ['{"x":"\\\\","model":"a"}', "a"],
  ['{"mod\\u0065l":"a"}', "a"],
  ['{"model":"caf\\u00e9 \\ud83d\\ude00 \\/ \\\\u0041"}', "café 😀 / \\u0041"],
  [' \n{ "n" : [1,{"a":"]}"}] , "model" : "a" }\n', "a"],
])("%s asks for %s", (body, model) => expect(scan(body).found?.model).toBe(model));

test.each([
  ["", "not a JSON object"],
  ["[1]", "not a JSON object"],
  ['{"model":"a"', "not valid JSON"],
  ['{"model":"a"} x', "not valid JSON"],
  ['{"model":"a","x":"unterminated}', "not valid JSON"],
  ["{}", 'no "model"'],
  ['{"model":1}', "must be a string"],
  ['{"model":""}', "must not be empty"],
  ['{"model":"a\\nx-evil: 1"}', "control characters"],
  ['{"model":"a","model":"b"}', 'more than one "model"'],
  ['{"model":"a","mod\\u0065l":"b"}', 'more than one "model"'],
])("%s is refused: %s", (body, problem) => expect(scan(body).problem).toContain(problem));
