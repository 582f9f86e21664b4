import { kinds } from "../../runtime/api/index.ts";
import { componentInputs } from "../inputs/args.ts";
import { InterfaceWriter } from "./interfaces.ts";

const HEAD = "// Generated from the schemas by `npm run generate`. Do not edit.\n";

/** Every generated file of Args, by name. */
export function generatedArgs(): [file: string, text: string][] {
  const writer = new InterfaceWriter();
  for (const { kind, versions } of Object.values(kinds)) {
    writer.add(`${kind}Spec`, versions[0].schema.shape.spec, "resource");
  }
  const resources = new Set(writer.names());
  for (const [name, schema] of Object.entries(componentInputs)) {
    writer.add(`${name}Args`, schema, "settings");
  }
  const args = new Set(Object.keys(componentInputs).map((name) => `${name}Args`));
  const fileOf = (name: string): string =>
    resources.has(name) ? "resources" : args.has(name) ? "components" : "settings";
  return ["resources", "settings", "components"].map((file) => {
    const names = writer.names().filter((name) => fileOf(name) === file);
    const mentioned = new Set(names.flatMap(writer.mentions));
    const imports = ["resources", "settings"]
      .filter((other) => other !== file)
      .map(
        (other) => [other, [...mentioned].filter((name) => fileOf(name) === other).sort()] as const,
      )
      .filter(([, wanted]) => wanted.length > 0)
      .map(
        ([other, wanted]) =>
          `import type {\n${wanted.map((name) => `  ${name},\n`).join("")}} from "./${other}.generated.ts";\n`,
      );
    const text = names.map(writer.text);
    const uses = text.some((each) => each.includes("Input<"));
    const pulumi = uses ? 'import type { Input } from "@pulumi/pulumi";\n' : "";
    return [`${file}.generated.ts`, [`${HEAD}${pulumi}${imports.join("")}`, ...text].join("\n")];
  });
}
