import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { kinds } from "../kinds.ts";
import { crdYaml } from "./crd.ts";
import { reference } from "./reference.ts";
import { type Structural, structural } from "./structural.ts";

const ROOT = path.join(__dirname, "../../..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

const CRDS = "runtime/api/crds";

test("the committed CRDs are what the schemas say", () => {
  const files = Object.values(kinds).map(
    (definition) => `aigateway.envoyproxy.io_${definition.plural}.yaml`,
  );
  expect(readdirSync(path.join(ROOT, CRDS))).toEqual(files.sort());
  for (const definition of Object.values(kinds)) {
    const file = `${CRDS}/aigateway.envoyproxy.io_${definition.plural}.yaml`;
    expect(crdYaml(definition) === read(file)).toBe(true);
  }
});

test("the committed reference is what the schemas say", () => {
  expect(reference(Object.values(kinds)) === read("docs/api-reference.md")).toBe(true);
});

test("every field has a description", () => {
  const silent: string[] = [];
  const visit = (node: Structural, at: string): void => {
    for (const [name, field] of Object.entries(node.properties ?? {})) {
      if (field.description === undefined) silent.push(`${at}.${name}`);
      visit(field, `${at}.${name}`);
    }
    if (node.items !== undefined) visit(node.items, `${at}[]`);
  };
  for (const { kind, versions } of Object.values(kinds)) {
    const { spec = {}, status = {} } = structural(versions[0].schema).properties ?? {};
    visit(spec, `${kind}.spec`);
    visit(status, `${kind}.status`);
  }
  expect(silent).toEqual([]);
});
