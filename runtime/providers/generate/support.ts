import { DEFAULT_PREFIXES, endpointPath } from "../../endpoints/prefixes.ts";
import { endpoints } from "../../endpoints/registry.ts";
import { providers, support, whyUnsupported } from "../registry.ts";

const CELLS = { passthrough: "native", conversation: "translated", task: "translated" } as const;

/** The page that says which endpoint reaches which provider, and why others do not. */
export function supportPage(): string {
  const schemas = providers.map(({ meta }) => meta.schema);
  const routed = endpoints.filter(({ method }) => method === "POST");
  const rows = routed.map((endpoint) => [
    `\`${endpointPath(endpoint, DEFAULT_PREFIXES)}\``,
    ...schemas.map((schema) => {
      const way = support(endpoint.id, schema);
      return way === undefined ? "" : CELLS[way];
    }),
  ]);
  const answered = endpoints
    .filter(({ models }) => models !== undefined)
    .map((endpoint) => `\`${endpointPath(endpoint, DEFAULT_PREFIXES)}\``);
  const reasons = new Map<string, string[]>();
  for (const { id } of routed) {
    for (const schema of schemas) {
      if (support(id, schema) !== undefined) continue;
      const why = whyUnsupported(id, schema);
      reasons.set(why, [...(reasons.get(why) ?? []), id]);
    }
  }
  return [
    "# What is served",
    "",
    "Generated from the registries of endpoints and providers; `npm run generate` writes it.",
    "",
    "*native*: the provider speaks the client's protocol, its bytes go by as they are, and as a rule Envoy does it all. *translated*:",
    "through the internal form of the endpoint's task. Empty: a route of which no backend serves the endpoint answers 404, and the",
    "compiler warns of backends that cannot serve what others of their rule can.",
    "",
    tableRow(["", ...schemas]),
    tableRow(["", ...schemas].map(() => "---")),
    ...rows.map(tableRow),
    "",
    `The gateway itself answers ${answered.join(" and ")}.`,
    "",
    "## Why the empty cells are empty",
    "",
    ...[...reasons].sort().map(([why, ids]) => `- ${why}: ${[...new Set(ids)].join(", ")}`),
    "",
  ].join("\n");
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
