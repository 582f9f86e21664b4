/** `aigw render`: prints the manifests of a Pulumi program, or of inputs in YAML. */
import { readFile, stat } from "node:fs/promises";
import { Command } from "commander";
import { parse, stringify } from "yaml";
import type { AiGatewayArgs } from "../args/components.generated.ts";
import type { ObjectTemplate } from "../internal/objects/object.ts";
import { objectsOf } from "./evaluate.ts";
import { evaluateProject } from "./program.ts";
import { render } from "./render.ts";

interface Options {
  name: string;
  config: Record<string, string>;
  withSecrets?: boolean;
  envoyGatewayValues?: boolean;
}

const keyValue = (text: string, all: Record<string, string>): Record<string, string> => {
  const [key = "", ...value] = text.split("=");
  return { ...all, [key]: value.join("=") };
};

const command = new Command("aigw render")
  .description("Prints manifests; applies nothing and needs no cluster.")
  .argument("<path>", "directory of a Pulumi program, or a YAML file with the inputs of AiGateway")
  .option("--name <name>", "name of the gateway, for a YAML file", "ai")
  .option("--config <key=value>", "stack configuration of the program, repeatable", keyValue, {})
  .option("--with-secrets", "print Secrets with their values")
  .option("--envoy-gateway-values", "print the values of Envoy Gateway's chart instead")
  .action(async (path: string, options: Options) => {
    const isProgram = (await stat(path)).isDirectory();
    if (isProgram && options.envoyGatewayValues) {
      throw new Error(
        "--envoy-gateway-values is for a YAML file; a program's stack outputs have them",
      );
    }
    const objects = isProgram
      ? shown(objectsOf((await evaluateProject(path, options)).resources), options)
      : fromInputs(parse(await readFile(path, "utf8")) as AiGatewayArgs, options);
    process.stdout.write(objects.map((object) => stringify(object, LAYOUT)).join("---\n"));
  });

const LAYOUT = { aliasDuplicateObjects: false, lineWidth: 0 } as const;

function fromInputs(inputs: AiGatewayArgs, options: Options): object[] {
  const rendered = render(options.name, inputs);
  if (options.envoyGatewayValues) return [rendered.envoyGatewayValues];
  return shown(rendered.objects, options);
}

const shown = (objects: ObjectTemplate[], { withSecrets }: Options): ObjectTemplate[] =>
  objects.filter((object) => withSecrets || !leftOut(object));

function leftOut({ kind, metadata: { name, namespace } }: ObjectTemplate): boolean {
  if (kind !== "Secret") return false;
  process.stderr.write(`left out: Secret ${namespace}/${name}; --with-secrets prints it\n`);
  return true;
}

await command.parseAsync().catch((error: Error) => {
  process.stderr.write(`aigw render: ${error.message}\n`);
  process.exitCode = 1;
});
