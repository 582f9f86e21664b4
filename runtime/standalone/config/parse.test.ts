// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the syntax under test
import { parseConfig } from "./parse.ts";

const parse = (source: string, env: Record<string, string> = {}) =>
  parseConfig(source, "config.yaml", env);
const value = (source: string, env: Record<string, string> = {}): unknown =>
  parse(source, env).documents[0]?.value;
const messages = (source: string, env: Record<string, string> = {}): string[] =>
  parse(source, env).problems.map(({ message }) => message);

test("reads several documents and passes over empty ones", () => {
  const { documents, problems } = parse("# only words\n---\na: 1\n---\n---\nb: 2\n---\n");
  expect(documents.map((document) => document.value)).toEqual([{ a: 1 }, { b: 2 }]);
  expect(problems).toEqual([]);
  expect(parse("")).toEqual({ documents: [], problems: [] });
});

test("says where fields stand, or what is around them", () => {
  const source = "a: 1\n---\nspec:\n  rules:\n    - name: x\n      matches: []\n    - name: y\n";
  const document = parse(source).documents[1];
  expect(document?.where([])).toBe("config.yaml:3");
  expect(document?.where(["spec", "rules"])).toBe("config.yaml:4");
  expect(document?.where(["spec", "rules", 0, "matches"])).toBe("config.yaml:6");
  expect(document?.where(["spec", "rules", 1])).toBe("config.yaml:7");
  expect(document?.where(["spec", "rules", 1, "absent", "deeper"])).toBe("config.yaml:7");
});

test("reports the errors of all documents and keeps the good ones", () => {
  const { documents, problems } = parse("a: *none\n---\nb: 2\n---\nc: x\nc: y\n");
  expect(documents.map((document) => document.value)).toEqual([{ b: 2 }]);
  expect(problems).toEqual([
    {
      severity: "error",
      message: expect.stringMatching(/^config\.yaml:1: an alias \(\*name\) without an anchor/),
    },
    { severity: "error", message: expect.stringMatching(/^config\.yaml:6: a key stands twice/) },
  ]);
});

test("replaces variables in values and keys, wherever they stand", () => {
  const source = "${K}: ${V}\nflow: [${V}, {x: ${V}}]\nblock: |\n  first ${V}\n  second\n";
  expect(value(source, { K: "key", V: "v" })).toEqual({
    key: "v",
    flow: ["v", { x: "v" }],
    block: "first v\nsecond\n",
  });
});

test("leaves comments alone", () => {
  expect(messages("a: 1 # ${NONE}\n")).toEqual([]);
});

test("no value of the environment becomes structure", () => {
  const V = "x\nb: {c: [1]}\n--- # & * !!";
  expect(value('a: ${V}\nq: "${V}"\n', { V })).toEqual({ a: V, q: V });
});

test("values without quotes have the type that they would have in the file", () => {
  const source = 'port: ${P}\ntext: "${P}"\non: ${B}\nnone: ${E}\nname: m-${P}\n';
  expect(value(source, { P: "8080", B: "true", E: "" })).toEqual({
    port: 8080,
    text: "8080",
    on: true,
    none: null,
    name: "m-8080",
  });
});

test("Secrets and ConfigMaps hold text whatever it looks like", () => {
  expect(value("kind: Secret\nstringData: {k: ${P}}\n", { P: "0123" })).toEqual({
    kind: "Secret",
    stringData: { k: "0123" },
  });
  expect(value("kind: ConfigMap\ndata: {k: ${P}}\n", { P: "7" })).toMatchObject({
    data: { k: "7" },
  });
});

test("names variables that are not set, and where", () => {
  expect(messages("a: 1\nb: x${NONE}y${NONE}\n")).toEqual([
    "config.yaml:2: environment variable NONE is not set; set it, or give a default: ${NONE:-text}",
  ]);
  expect(messages("a: ${not a variable}\n")[0]).toMatch(/^config\.yaml:1: a variable that cannot/);
});

test("merge keys and aliases work, and aliases without measure are told", () => {
  expect(value("base: &b {x: 1}\nc: {<<: *b, y: 2}\n")).toEqual({
    base: { x: 1 },
    c: { x: 1, y: 2 },
  });
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 8; i++)
    bomb.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(", ")}]`,
    );
  expect(messages(bomb.join("\n"))[0]).toMatch(/grow beyond measure/);
});
