/** What Envoy Gateway's names of clusters, routes and localities say. */
export interface RuleName {
  /** `namespace/name` of the HTTPRoute, and of the AIGatewayRoute that it stands for. */
  route: string;
  /** As `RulePlan.id`. */
  rule: string;
  /** Index among the rule's matches, in names of routes. */
  match?: number;
  /** Index among the rule's `backendRefs`, in names of localities and of clusters of one backend. */
  backend?: number;
}

const NAME = /^httproute\/([^/]+\/[^/]+)\/rule\/(\d+)(?:\/(match|backend)\/(\d+)(?:\/.*)?)?$/;

/** Reads a name such as `httproute/ns/name/rule/0/backend/1`; undefined where it is another's. */
export function ruleName(name: string): RuleName | undefined {
  const [, route, rule, part, index] = NAME.exec(name) ?? [];
  if (route === undefined) return undefined;
  return {
    route,
    rule: `${route}/rule/${rule}`,
    ...(part === "match" ? { match: Number(index) } : {}),
    ...(part === "backend" ? { backend: Number(index) } : {}),
  };
}
