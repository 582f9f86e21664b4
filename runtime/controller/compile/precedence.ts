import type { GatewayPlan, HeaderMatch, RulePlan } from "./plan.ts";

/** One way into a rule: the headers that must match, all of them. */
export interface Alternative {
  rule: RulePlan;
  headers: HeaderMatch[];
  /** Position among the rule's matches. */
  index: number;
}

export const ANY_HOST = "*";

/** Every hostname that needs a table of its own, most general last. */
export function hostsOf(gateway: GatewayPlan): string[] {
  return [...[...new Set(gateway.rules.flatMap((rule) => rule.hostnames))].sort(), ANY_HOST];
}

/**
 * What is tried, in order, for requests to a host, as Gateway API orders it: longer hostnames first
 * and routes without one last, then more header matches first, then older routes and earlier rules.
 */
export function alternativesFor(gateway: GatewayPlan, host: string): Alternative[] {
  return gateway.rules
    .filter((rule) => rule.hostnames.length === 0 || rule.hostnames.some((h) => covers(h, host)))
    .flatMap((rule, order) =>
      (rule.matches.length > 0 ? rule.matches : [[]]).map((headers, index) => ({
        rule,
        headers,
        index,
        order,
        specificity: specificity(rule, host),
      })),
    )
    .sort(
      (a, b) =>
        b.specificity - a.specificity || b.headers.length - a.headers.length || a.order - b.order,
    )
    .map(({ rule, headers, index }) => ({ rule, headers, index }));
}

/** The table of a request's Host header: exact name, else the longest wildcard, else the rest. */
export function tableOf(gateway: GatewayPlan, hostHeader: string): string {
  const host = hostHeader.replace(/:\d+$/, "").toLowerCase();
  const hosts = hostsOf(gateway);
  if (hosts.includes(host)) return host;
  const wildcards = hosts.filter((h) => h !== ANY_HOST && covers(h, host));
  return wildcards.sort((a, b) => b.length - a.length)[0] ?? ANY_HOST;
}

/** The alternative that takes a request with these headers (names in lower case). */
export function chooseAlternative(
  alternatives: readonly Alternative[],
  headers: ReadonlyMap<string, string>,
): Alternative | undefined {
  return alternatives.find((alternative) =>
    alternative.headers.every(({ name, value, type }) => {
      const actual = headers.get(name);
      if (actual === undefined) return false;
      return type === "Exact" ? actual === value : new RegExp(`^(?:${value})$`, "u").test(actual);
    }),
  );
}

/** `*.example.com` covers `a.example.com` and `*.a.example.com`; a name covers itself. */
function covers(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
}

/** Exact names beat wildcards, longer beats shorter, no hostname comes last. */
function specificity(rule: RulePlan, host: string): number {
  const exact = 1000;
  const lengths = rule.hostnames
    .filter((h) => covers(h, host))
    .map((h) => (h.startsWith("*.") ? h.length : exact + h.length));
  return Math.max(0, ...lengths);
}
