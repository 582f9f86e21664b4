import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { type EvaluateOptions, type Evaluation, evaluate } from "./evaluate.ts";

export interface ProgramOptions extends Pick<EvaluateOptions, "stack" | "stacks" | "preview"> {
  /** Configuration of the project, as `pulumi config set` takes it: keys without the project's name. */
  config?: Readonly<Record<string, string>>;
}

/**
 * Evaluates the TypeScript program of a project directory.
 *
 * @returns the program's exports besides the registered resources.
 * @throws {Error} where the directory is no Pulumi project, and what the program throws.
 */
export async function evaluateProject(
  directory: string,
  options: ProgramOptions = {},
): Promise<Evaluation<Record<string, unknown>>> {
  const folder = path.resolve(directory);
  const { name } = parse(await readFile(path.join(folder, "Pulumi.yaml"), "utf8")) as {
    name: string;
  };
  const manifest = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as {
    main?: string;
  };
  const config = Object.entries(options.config ?? {}).map(([key, value]) => [
    key.includes(":") ? key : `${name}:${key}`,
    value,
  ]);
  const entry = pathToFileURL(path.join(folder, manifest.main ?? "index.ts"));
  // The same program may be evaluated again, with another configuration.
  entry.searchParams.set("evaluation", String(evaluations++));
  return evaluate(() => import(entry.href) as Promise<Record<string, unknown>>, {
    ...options,
    project: name,
    config: Object.fromEntries(config),
  });
}

let evaluations = 0;
