import { DEFAULT_PREFIXES, endpointPath } from "../../endpoints/prefixes.ts";
import { endpoints } from "../../endpoints/registry.ts";
import { lackOf, providers, support } from "../registry.ts";

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
    const without = schemas.filter((schema) => support(id, schema) === undefined);
    if (without.length === 0) continue;
    const why = `${lackOf(id)}: ${without.join(", ")}`;
    reasons.set(why, [...(reasons.get(why) ?? []), id]);
  }
  return [
    "# What is served",
    "",
    "Generated from the registries of endpoints and providers; `npm run generate` writes it.",
    "",
    "*native*: the provider speaks the client's protocol, its bytes go by as they are, and as a rule Envoy does it all. *translated*:",
    "through the internal form of the endpoint's task. Empty: of a rule's backends those get the requests that",
    "can serve the endpoint, by their own weights and priorities, which the compiler tells of; where none can, the answer is 404 with",
    "the reason, and `aigw explain` says it. In a Pulumi program, `endpoints` of a rule has it refused in preview.",
    "",
    tableRow(["", ...schemas]),
    tableRow(["", ...schemas].map(() => "---")),
    ...rows.map(tableRow),
    "",
    `The gateway itself answers ${answered.join(" and ")}.`,
    "",
    "## Why the empty cells are empty",
    "",
    ...[...reasons].map(([why, ids]) => `- ${ids.join(", ")}: ${why}`),
    "",
  ].join("\n");
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
