import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  type Scalar,
  visit,
} from "yaml";
import type { LoadProblem } from "./loaded.ts";
import { type Environment, mask, substitute, unmask } from "./substitute.ts";
import { syntaxError } from "./yaml-errors.ts";

export type Path = readonly (string | number)[];

/** One YAML document with its variables replaced. */
export interface ParsedDocument {
  value: unknown;
  /** Where a field stands, or the nearest one around it that exists: `config.yaml:12`. */
  where(path: Path): string;
}

export interface Parsed {
  documents: ParsedDocument[];
  problems: LoadProblem[];
}

/**
 * Reads multi-document YAML. Variables are replaced in values after parsing, so that no value of
 * the environment can become YAML structure. Documents with errors are left out, all others stay.
 *
 * @param name how positions name the source
 */
export function parseConfig(source: string, name: string, env: Environment): Parsed {
  const lines = new LineCounter();
  const result: Parsed = { documents: [], problems: [] };
  const error = (where: string, message: string): void => {
    result.problems.push({ severity: "error", message: `${where}: ${message}` });
  };
  const at = (offset: number): string => `${name}:${Math.max(1, lines.linePos(offset).line)}`;
  const documents = parseAllDocuments(mask(source), {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
  });
  // An empty source has no documents, and is not an array then.
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const { code, pos } of document.errors) error(at(pos[0]), syntaxError(code));
    if (document.errors.length > 0) continue;
    const loose = looseAliases(document);
    for (const offset of loose) error(at(offset), syntaxError("BAD_ALIAS"));
    if (loose.length > 0) continue;
    for (const { offset, message } of replaceVariables(document, env)) error(at(offset), message);
    try {
      const value: unknown = document.toJS();
      if (value === null || value === undefined) continue;
      result.documents.push({ value, where: (path) => at(offsetOf(document, path)) });
    } catch {
      error(at(document.range?.[0] ?? 0), "aliases (*name) that grow beyond measure");
    }
  }
  return result;
}

/** Where aliases stand whose anchor does not. */
function looseAliases(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) offsets.push(alias.range?.[0] ?? 0);
    },
  });
  return offsets;
}

function replaceVariables(
  document: Document,
  env: Environment,
): { offset: number; message: string }[] {
  const problems: { offset: number; message: string }[] = [];
  const textOnly = holdsText(document);
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== "string") return;
      const source = unmask(node.value);
      if (!source.includes("$")) return;
      const { text, unset, malformed } = substitute(source, env);
      // Without quotes, a value of the environment is what it would be if it stood in the file.
      const plain = node.type === "PLAIN" && key !== "key" && !textOnly && text !== source;
      (node as Scalar).value = plain ? plainValue(text) : text;
      const offset = node.range?.[0] ?? 0;
      for (const variable of new Set(unset)) {
        problems.push({
          offset,
          message: `environment variable ${variable} is not set; set it, or give a default: \${${variable}:-text}`,
        });
      }
      if (malformed > 0) {
        problems.push({
          offset,
          message: `a variable that cannot be read: \${NAME} or \${NAME:-text} is meant; $\${ stands for the characters themselves`,
        });
      }
    },
  });
  return problems;
}

/** Secrets and ConfigMaps hold text alone: a key of digits is still text. */
function holdsText({ contents }: Document): boolean {
  const kind = isMap(contents) ? contents.get("kind") : undefined;
  return kind === "Secret" || kind === "ConfigMap";
}

function plainValue(text: string): string | number | boolean | null {
  if (text === "" || text === "null" || text === "~") return null;
  if (text === "true" || text === "false") return text === "true";
  if (/^[-+]?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

function offsetOf(document: Document, path: Path): number {
  let offset = document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
  let node: unknown = document.contents;
  for (const step of path) {
    if (!isCollection(node)) break;
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && key.value === step)
      : undefined;
    const next = node.get(step, true);
    const start = isNode(pair?.key) ? pair.key.range : isNode(next) ? next.range : undefined;
    if (!start) break;
    offset = start[0];
    node = next;
  }
  return offset;
}
