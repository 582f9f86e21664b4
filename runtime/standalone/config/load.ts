import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { configFromEnvironment } from "./from-env.ts";
import { interpret, interpretText } from "./interpret.ts";
import type { LoadedConfig } from "./loaded.ts";

export interface LoadOptions {
  /** A YAML file, `-` for standard input; undefined for the provider keys of the environment. */
  path: string | undefined;
  env: NodeJS.ProcessEnv;
}

/** Reads a configuration. Bad content, and a file that cannot be read, are problems and not thrown. */
export async function loadConfig({ path, env }: LoadOptions): Promise<LoadedConfig> {
  if (path === undefined) {
    const { objects, problems } = configFromEnvironment(env);
    const documents = objects.map((value) => ({ value, where: () => "environment" }));
    return interpret(documents, problems);
  }
  const name = path === "-" ? "standard input" : path;
  try {
    const bytes = await (path === "-" ? buffer(process.stdin) : readFile(path));
    return interpretText(decode(bytes), name, env);
  } catch (error) {
    const message = `${name} cannot be read: ${reason(error)}`;
    return { resources: [], problems: [{ severity: "error", message }], unserved: [] };
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8 text");
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder; name a file";
  if (code === "EACCES") return "this user may not read it";
  return message;
}
