import type {
  AIServiceBackend,
  BackendSecurityPolicy,
  GatewayConfig,
  MCPRoute,
  QuotaPolicy,
} from "../../api/index.ts";
import { GATEWAY_CONFIG_ANNOTATION } from "../compile/gateway-config.ts";
import type { BackendPlan, Plan } from "../compile/plan.ts";
import { ownExtProcName } from "../objects/names.ts";
import { keyOf, namespaceOf } from "../snapshot/snapshot.ts";
import { targeting } from "../snapshot/view.ts";
import { accepted, conditionsOf, fails, holds, resolvedRefs, type Verdict } from "./conditions.ts";
import type { Findings } from "./findings.ts";
import type { Condition } from "./types.ts";

/** Backends of the plan by the object that they come from: `<kind> <namespace>/<name>`. */
export type PlannedBackends = ReadonlyMap<string, readonly BackendPlan[]>;

export function plannedBackends(plan: Plan): PlannedBackends {
  const backends = new Map<string, BackendPlan[]>();
  for (const backend of plan.gateways.flatMap(({ rules }) => rules.flatMap((r) => r.backends))) {
    const identity = `${backend.pool ? "InferencePool" : "AIServiceBackend"} ${backend.name}`;
    const known = backends.get(identity);
    if (known === undefined) backends.set(identity, [backend]);
    else known.push(backend);
  }
  return backends;
}

export function backendConditions(
  { metadata }: AIServiceBackend,
  planned: PlannedBackends,
  findings: Findings,
): Condition[] {
  const key = keyOf(metadata);
  const problems = findings.of("AIServiceBackend", key);
  const why = findings.whyNotServed("AIServiceBackend", key);
  return conditionsOf({
    accepted: accepted(problems, "the backend"),
    resolvedRefs: resolvedRefs(problems),
    programmed:
      why !== undefined
        ? fails("NotServed", why)
        : planned.has(`AIServiceBackend ${key}`)
          ? holds("Programmed", "routes send requests to it")
          : fails("Unused", "no AIGatewayRoute that a Gateway serves sends requests to it"),
  });
}

export function securityPolicyConditions(
  { metadata, spec }: BackendSecurityPolicy,
  planned: PlannedBackends,
  findings: Findings,
): Condition[] {
  const problems = findings.of("BackendSecurityPolicy", keyOf(metadata));
  const namespace = namespaceOf(metadata);
  const lost = (spec.targetRefs ?? []).findIndex(
    ({ kind, name }) =>
      (kind === "AIServiceBackend" || kind === "InferencePool") &&
      !findings.snapshot[kind].has(`${namespace}/${name}`),
  );
  const inUse = (spec.targetRefs ?? []).some(({ kind, name }) => {
    const [first] = targeting(findings.snapshot, "BackendSecurityPolicy", {
      kind,
      namespace,
      name,
    });
    return (
      first?.metadata.name === metadata.name &&
      planned.get(`${kind} ${namespace}/${name}`)?.some((backend) => backend.credential)
    );
  });
  return conditionsOf({
    accepted: accepted(problems, "the policy"),
    resolvedRefs:
      lost === -1
        ? resolvedRefs(problems)
        : fails(
            "TargetNotFound",
            `spec.targetRefs[${lost}]: ${spec.targetRefs?.[lost]?.kind} ${namespace}/${spec.targetRefs?.[lost]?.name} does not exist`,
          ),
    programmed: inUse
      ? holds("Programmed", "requests get its credential")
      : fails("Unused", "no backend that is served gets its credential"),
  });
}

export function gatewayConfigConditions(
  { metadata }: GatewayConfig,
  plan: Plan,
  findings: Findings,
): Condition[] {
  const users = [...findings.snapshot.Gateway.values()].filter(
    (gateway) =>
      namespaceOf(gateway.metadata) === namespaceOf(metadata) &&
      gateway.metadata.annotations?.[GATEWAY_CONFIG_ANNOTATION] === metadata.name,
  );
  return conditionsOf({
    accepted: accepted(findings.of("GatewayConfig", keyOf(metadata)), "the config"),
    resolvedRefs: resolvedRefs([]),
    programmed: configProgrammed(
      users.map((gateway) => keyOf(gateway.metadata)),
      plan,
    ),
  });
}

function configProgrammed(users: readonly string[], plan: Plan): Verdict {
  if (users.length === 0) {
    return fails(
      "Unused",
      `no Gateway of its namespace names it in the annotation ${GATEWAY_CONFIG_ANNOTATION}`,
    );
  }
  const waiting = plan.gateways.find(
    ({ name, extProc, rules }) =>
      users.includes(name) && extProc === "starting" && rules.length > 0,
  );
  if (waiting === undefined) return holds("Programmed", `used by Gateway ${users.join(", ")}`);
  const [, gateway = ""] = waiting.name.split("/");
  return fails(
    "ExtProcNotAvailable",
    `Deployment ${ownExtProcName(gateway)}, the ext_proc of Gateway ${waiting.name}, is not available; the common ext_proc serves it until it is`,
  );
}

/** Kinds that the API has and this version of the controller does not serve. */
export function unservedConditions({ kind }: MCPRoute | QuotaPolicy): Condition[] {
  const verdict: Verdict = fails("Unsupported", `${kind} is not served by this version`);
  return conditionsOf({
    accepted: verdict,
    resolvedRefs: { ...verdict, status: "Unknown" },
    programmed: verdict,
  });
}
