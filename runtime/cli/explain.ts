import { readFileSync } from "node:fs";
import { DEFAULT_PREFIXES, type Prefixes } from "../endpoints/prefixes.ts";
import { loadConfig } from "../standalone/config/load.ts";
import { type ExplainedBackend, type Explanation, explain } from "../standalone/explain.ts";
import { prepare } from "../standalone/prepare.ts";

interface ExplainOptions {
  path: string;
  body: string;
  header?: string[];
  host: string;
  output: "text" | "json";
  endpointPrefixes?: Prefixes;
}

/** `aigw explain`: how a request would go. Exit code 1 where it would be refused. */
export async function explainCommand(
  config: string | undefined,
  options: ExplainOptions,
): Promise<void> {
  const { gateway, errors } = prepare(await loadConfig({ path: config, env: process.env }));
  for (const error of errors) process.stderr.write(`error: ${error}\n`);
  if (gateway === undefined) {
    process.exitCode = 1;
    return;
  }
  const explanation = explain(gateway, options.endpointPrefixes ?? DEFAULT_PREFIXES, {
    path: options.path,
    host: options.host,
    headers: new Map((options.header ?? []).map(header)),
    body: options.body.startsWith("@")
      ? readFileSync(options.body.slice(1))
      : Buffer.from(options.body),
  });
  process.stdout.write(
    options.output === "json" ? `${JSON.stringify(explanation, null, 2)}\n` : text(explanation),
  );
  if (!explanation.ok) process.exitCode = 1;
}

function header(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function text(explanation: Explanation): string {
  if (!explanation.ok) return `refused with ${explanation.status}: ${explanation.message}\n`;
  const { endpoint, model, host, route, rule, lane, why, backends } = explanation;
  return [
    `endpoint  ${endpoint}`,
    `model     ${model}`,
    `host      ${host === "*" ? "any" : host}`,
    `route     ${route}`,
    `rule      ${rule}`,
    `lane      ${lane}: ${why}`,
    ...backends.flatMap((backend, index) => backendText(backend, index)),
    "",
  ].join("\n");
}

function backendText(
  { name, schema, priority, weight, upstream }: ExplainedBackend,
  index: number,
): string[] {
  const head = `backend ${index + 1}: ${name} (${schema}), priority ${priority}, weight ${weight}`;
  if ("refused" in upstream) {
    return ["", head, `  refused with ${upstream.refused.status}: ${upstream.refused.message}`];
  }
  return [
    "",
    head,
    `  ${upstream.method} ${upstream.url}`,
    ...upstream.headers.map(([key, value]) => `  ${key}: ${value}`),
    `  credential: ${upstream.credential}`,
    ...(upstream.dropped.length > 0 ? [`  not carried: ${upstream.dropped.join(", ")}`] : []),
    "",
    ...upstream.body.split("\n").map((line) => `  ${line}`),
  ];
}
