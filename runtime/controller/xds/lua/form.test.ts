import fc from "fast-check";
import { LuaFactory } from "wasmoon";
import { UserError } from "../../../lib/errors.ts";
import { formField, scanForm } from "../../../lib/multipart.ts";
import { FORM_LUA } from "./form.ts";
import { SCANNER_LUA } from "./scanner.ts";

let scan: (body: string, type: string) => { model?: string; from?: number; problem?: string };

beforeAll(async () => {
  const lua = await new LuaFactory().createEngine();
  await lua.doString(`${SCANNER_LUA}
    ${FORM_LUA}
    function run(s, content_type)
      local found, problem = scan_form(s, content_type)
      if not found then return { problem = problem } end
      return { model = found.model, from = found.from }
    end`);
  const run = lua.global.get("run");
  scan = (body, type) => run(body, type);
});

/** What the other reader of forms says, in the same words. */
function read(body: string, type: string): ReturnType<typeof scan> {
  try {
    const form = scanForm(Buffer.from(body), type);
    const part = formField(form, "model");
    if (part === undefined) return { problem: 'the form has no "model"' };
    const model = form.bytes.toString("utf8", part.start, part.end);
    return { model, from: part.start + 1 };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problem: error.message };
  }
}

const type = (boundary: string) => `multipart/form-data; boundary=${boundary}`;
const part = (head: string, content: string, boundary = "b") =>
  `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`;
const field = (name: string, content: string) =>
  part(`Content-Disposition: form-data; name="${name}"`, content);
const file = (content: string, more = "") =>
  part(`content-disposition: form-data; name="file"; filename="a.mp3"${more}`, content);
const END = "--b--\r\n";

test.each([
  ["the model first", field("model", "m") + file("ID3") + END, "m"],
  ["the model last", file("ID3\r\n--bb") + field("model", "whisper") + END, undefined],
  ["a file full of dashes", `${file("--\r\n---b --b") + field("model", "w")}--b--`, "w"],
  ["a file with a model inside", file('"model"\r\nname="model"') + field("model", "w") + END, "w"],
  ["names of many scripts", field("model", "mödel-名") + END, "mödel-名"],
  ["tokens for quotes", `${part("Content-Disposition: form-data; name=model", "m")}--b--`, "m"],
])("%s", (_, body, model) => {
  const got = scan(body, type("b"));
  if (model === undefined) expect(got.problem).toBeDefined();
  else expect(got.model).toBe(model);
  expect(read(body, type("b")).model).toBe(model);
});

const disposition = (rest: string) => `${part(`Content-Disposition: form-data${rest}`, "m")}${END}`;
test.each([
  ["no model", file("x") + END, 'the form has no "model"'],
  ["two models", field("model", "a") + field("model", "b") + END, "more than one"],
  ["a list of models", field("model[]", "a") + END, "plain field"],
  ["a name in escapes", disposition('; name="mod\\el"'), "plain field"],
  ["a name in percent escapes", disposition('; name="%6dodel"'), "plain field"],
  ["a file for a model", disposition('; name="model"; filename="x"'), "plain field"],
  [
    "an encoded model",
    `${part('Content-Disposition: form-data; name="model"\r\nContent-Transfer-Encoding: base64', "bQ==")}${END}`,
    "plain field",
  ],
  ["two names", disposition('; name="x"; name="model"'), "not a valid form"],
  ["an extended name", disposition("; name=\"x\"; name*=utf-8''model"), "not a valid form"],
  ["an escaped quote", disposition('; name="x\\"; filename="y"; name="model"'), "not a valid form"],
  ["no end", field("model", "m"), "not a valid form"],
  [
    "a bare line feed",
    `${field("x", `y\n--b\n\nz`)}${field("model", "m")}${END}`,
    "not a valid form",
  ],
  [
    "a boundary with a tail",
    field("x", "y\r\n--bz") + field("model", "m") + END,
    "not a valid form",
  ],
  ["something before it", `x\r\n${field("model", "m")}${END}`, "not a valid form"],
  [
    "something behind it",
    `${field("model", "m")}--b--\r\n${field("model", "n")}`,
    "not a valid form",
  ],
  ["no head", `--b\r\n\r\nx\r\n${field("model", "m")}${END}`, "not a valid form"],
])("refuses %s", (_, body, problem) => {
  expect(scan(body, type("b")).problem).toContain(problem);
  expect(read(body, type("b")).problem).toContain(problem);
});

test.each([
  ["multipart/form-data", undefined],
  ["application/json", undefined],
  ['multipart/form-data; boundary="b"; charset=utf-8', "m"],
  ["Multipart/Form-Data;BOUNDARY=b", "m"],
  ["multipart/form-data; boundary=b; boundary=c", undefined],
  ["multipart/form-data, multipart/form-data; boundary=b", undefined],
])("content type %s", (contentType, model) => {
  const body = field("model", "m") + END;
  expect(scan(body, contentType).model).toBe(model);
  expect(read(body, contentType).model).toBe(model);
});

test("both readers say the same of every form, well made or damaged", () => {
  const piece = fc.oneof(
    fc.constantFrom("\r\n", "\n", "\r", "--b", "--", "b", '"', "\\", ";", " ", "model", "[", "%6d"),
    fc.constantFrom("name=", "filename=", "Content-Disposition: form-data", "\r\n\r\n", "name*="),
    fc.string({ maxLength: 6 }),
  );
  const content = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
  const anyPart = fc.oneof(
    content.map((text) => file(text)),
    fc
      .tuple(fc.constantFrom("model", "x", "prompt", "model[0]"), content)
      .map(([n, c]) => field(n, c)),
    fc.tuple(content, content).map(([head, text]) => part(head, text)),
    content.map((rest) => part(`Content-Disposition: form-data; name="model"${rest}`, "m")),
    content,
  );
  fc.assert(
    fc.property(fc.array(anyPart, { maxLength: 4 }), fc.boolean(), (parts, whole) => {
      const body = parts.join("") + (whole ? END : "");
      const mine = read(body, type("b"));
      const lua = scan(body, type("b"));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: only Lua looks at the name itself
      if (mine.model !== undefined && /^$|[\x00-\x1f\x7f]/.test(mine.model)) {
        expect(lua.problem).toContain("model");
      } else if (mine.problem === undefined) {
        expect(lua.model).toBe(mine.model);
      } else {
        expect(lua.model).toBeUndefined();
      }
    }),
    { numRuns: 3000 },
  );
});
