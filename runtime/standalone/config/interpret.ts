import type { Problem } from "../../api/index.ts";
import { keyOf } from "../../controller/snapshot/snapshot.ts";
import { classify, type Identified, missingIdentity } from "./classify.ts";
import type { LoadedConfig, LoadProblem } from "./loaded.ts";
import { type ParsedDocument, type Path, parseConfig } from "./parse.ts";
import type { Environment } from "./substitute.ts";
import { groupOf } from "./unserved.ts";

/** YAML text to resources. Pure. `name` is how positions name the text, such as the file's name. */
export function interpretText(text: string, name: string, env: Environment): LoadedConfig {
  const { documents, problems } = parseConfig(text, name, env);
  return interpret(documents, problems);
}

/** Objects to resources: each is judged by itself, and two of the same name are told of. */
export function interpret(
  documents: readonly ParsedDocument[],
  problems: readonly LoadProblem[] = [],
): LoadedConfig {
  const loaded: LoadedConfig = { resources: [], problems: [...problems], unserved: [] };
  const seen = new Map<string, string>();
  for (const { value, where } of documents) {
    const missing = missingIdentity(value);
    const title = missing === undefined ? titleOf(value as Identified) : "";
    const told = ({ path, message }: Problem, link: string): string => {
      const what = path === "" ? message : `${path}${link}${message}`;
      return [where(stepsOf(path)), title, what].filter((part) => part !== "").join(": ");
    };
    const report = (severity: LoadProblem["severity"], found: Problem): void => {
      loaded.problems.push({ severity, message: told(found, ": ") });
    };
    if (missing !== undefined) {
      report("error", missing);
      continue;
    }
    const object = value as Identified;
    const identity = `${groupOf(object.apiVersion)}/${title}`;
    const earlier = seen.get(identity);
    if (earlier === undefined) seen.set(identity, where([]));
    else
      report("error", { path: "", message: `stands at ${earlier} already; rename or remove one` });

    const { resource, errors, warnings, unserved } = classify(object);
    for (const error of errors) report("error", error);
    for (const warning of warnings) report("warning", warning);
    for (const left of unserved) loaded.unserved.push({ message: told(left, " ") });
    if (resource !== undefined) loaded.resources.push(resource);
  }
  return loaded;
}

const titleOf = ({ kind, metadata }: Identified): string =>
  kind === "List" ? kind : `${kind} ${keyOf(metadata)}`;

/** `spec.rules[0].name` as steps: spec, rules, 0, name. */
const stepsOf = (path: string): Path =>
  (path.match(/[^.[\]]+|\[\d+\]/g) ?? []).map((step) =>
    step.startsWith("[") ? Number(step.slice(1, -1)) : step,
  );
