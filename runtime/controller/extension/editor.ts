import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ClusterSchema } from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { ClusterLoadAssignmentSchema } from "../../../protos/gen/envoy/config/endpoint/v3/endpoint_pb.ts";
import { SecretSchema } from "../../../protos/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.ts";
import { METADATA_NAMESPACE } from "../../program/names.ts";
import { partsOf } from "../compile/narrowed.ts";
import type { GatewayPlan, Plan, RulePlan } from "../compile/plan.ts";
import { bind, isAiRoute } from "./binding.ts";
import { type EditedCluster, editCluster } from "./clusters.ts";
import { pickerClusters } from "./endpoint-picker.ts";
import { agreeing, bindEndpoints } from "./endpoints.ts";
import { proxyOf } from "./forward-proxy.ts";
import type { Binding } from "./hosts.ts";
import { type Demand, editListener } from "./listeners.ts";
import { Memo } from "./memo.ts";
import { bytesOf } from "./messages.ts";
import { ruleName } from "./names.ts";
import type { ExtensionOptions } from "./options.ts";
import { ownClusters } from "./own-clusters.ts";
import { extProcPlaces, gatewayPlans, plansOf, secretValue } from "./plans.ts";
import type { EditReport } from "./report.ts";
import type { RouteFacts } from "./route-facts.ts";
import { aggregates } from "./split.ts";
import { editTable, readTable, servesAi, type TableFacts } from "./tables.ts";
import { type Translation, textField } from "./wire.ts";

const NAME_FIELD = 1;

/**
 * Whether a listener names the requests' metadata: in a format of an access log, in a tag of traces. Only
 * then is it worth its time to write down there who served each request.
 */
const readsNames = (listener: Uint8Array): boolean =>
  Buffer.from(listener.buffer, listener.byteOffset, listener.byteLength).includes(
    METADATA_NAMESPACE,
  );
const ANY_GATEWAY: ReadonlySet<string> = new Set();

/**
 * Turns what Envoy Gateway translated into what AI traffic needs. Pure and total: it never throws, and
 * what it cannot read goes on as it came. It remembers what it made of each resource, so that a
 * translation in which little changed costs little.
 *
 * Plans are given newest first; none means that nothing is known yet, and every AI route is refused.
 */
export class TranslationEditor {
  readonly #options: ExtensionOptions;
  readonly #facts = new Memo<RouteFacts>();
  readonly #routes = new Memo<Uint8Array>();
  readonly #clusters = new Memo<EditedCluster>();
  readonly #assignments = new Memo<Uint8Array>();
  readonly #listeners = new Memo<Uint8Array | undefined>();

  constructor(options: ExtensionOptions) {
    this.#options = options;
  }

  /** Everything that Envoy is to be given. */
  edit(input: Translation, plans: readonly Plan[]): { output: Translation; report: EditReport } {
    const report: EditReport = {
      gateways: [],
      routes: 0,
      denied: [],
      unknownEndpoints: new Map(),
      failures: [],
      revisions: [],
    };
    try {
      return { output: this.#edit(input, plans, report), report };
    } catch (error) {
      report.failures.push({ resource: "translation", error: messageOf(error) });
      return { output: input, report };
    }
  }

  /**
   * Endpoints of one cluster, on their way over EDS.
   *
   * @returns undefined where they go on as they came.
   */
  editEndpoints(bytes: Uint8Array, plans: readonly Plan[]): Uint8Array | undefined {
    try {
      const name = textField(bytes, NAME_FIELD);
      const rules = plansOf(plans, ruleName(name)?.rule ?? "", ANY_GATEWAY);
      if (rules.length === 0) return undefined;
      return this.#assignments.get(
        name,
        bytes,
        rules.map((rule) => rule.revision),
        () => {
          const assignment = fromBinary(ClusterLoadAssignmentSchema, bytes);
          const rule = agreeing(assignment, rules);
          if (rule !== undefined) bindEndpoints(assignment, rule);
          return toBinary(ClusterLoadAssignmentSchema, assignment);
        },
      );
    } catch {
      return undefined;
    }
  }

  #edit(input: Translation, plans: readonly Plan[], report: EditReport): Translation {
    const tables = input.routes.map((bytes) =>
      attempt("routes", report, () => readTable(bytes, this.#facts)),
    );
    const readable = tables.filter((table) => table !== undefined);
    const gateways = gatewaysOf(readable, plans);
    // Gateways that share an Envoy share its clusters; the first by name says how they are reached.
    const [gateway] = gatewayPlans(plans, gateways);
    const names = input.listeners.some((bytes) => readsNames(bytes));
    const named = namedByRule(input.clusters, report);
    const binding = bind(
      readable,
      plans,
      gateways,
      (id) => (rule) =>
        (named.get(id) ?? []).map(({ name, bytes }) =>
          this.#cluster(name, bytes, rule, gateway, names),
        ),
    );
    if (!readable.some(({ hosts }) => hosts.some(({ facts }) => servesAi(facts, binding)))) {
      return input;
    }
    note(readable, binding, report);
    report.gateways = [...gateways].sort();
    const own = ownClusters(report.gateways, extProcPlaces(plans), this.#options);
    return {
      clusters: [
        ...this.#editClusters(input.clusters, readable, binding, gateway, names, report),
        ...aggregatesOf(readable, binding, names),
        ...own,
        ...pickerClusters(boundRules(readable, binding), this.#options.bufferBytes),
      ],
      secrets: [...input.secrets, ...secretsOf(readable, binding, plans)],
      listeners: this.#editListeners(input.listeners, readable, binding, plans, report),
      routes: input.routes.map((bytes, index) => {
        const table = tables[index];
        if (table === undefined) return bytes;
        const edit = (): Uint8Array | undefined =>
          editTable(table, binding, this.#options, this.#routes);
        return attempt(`routes ${table.name}`, report, edit) ?? bytes;
      }),
    };
  }

  /** Of one rule, as one Gateway serves it: a route of several has clusters of one name on each. */
  #cluster(
    name: string,
    bytes: Uint8Array,
    rule: RulePlan | undefined,
    gateway: GatewayPlan | undefined,
    names: boolean,
  ): EditedCluster {
    const { bufferBytes } = this.#options;
    const proxy = proxyOf(gateway, this.#options);
    return this.#clusters.get(
      `${gateway?.name} ${name}`,
      bytes,
      [rule?.revision, JSON.stringify(proxy), String(names)],
      () => editCluster(bytes, rule, bufferBytes, proxy, names),
    );
  }

  #editClusters(
    clusters: readonly Uint8Array[],
    tables: readonly TableFacts[],
    binding: Binding,
    gateway: GatewayPlan | undefined,
    names: boolean,
    report: EditReport,
  ): Uint8Array[] {
    const routes = new Set(
      allRoutes(tables).flatMap((r) => (binding.isAi(r) ? r.name?.route : [])),
    );
    return clusters.flatMap((bytes) => {
      const name = attempt("cluster", report, () => textField(bytes, NAME_FIELD)) ?? "";
      const found = ruleName(name);
      if (found === undefined || !routes.has(found.route)) return [bytes];
      // A cluster that cannot be edited is left out, so that nothing passes it unguarded.
      const edited = attempt(`cluster ${name}`, report, () =>
        this.#cluster(name, bytes, binding.ruleOf(found.rule), gateway, names),
      );
      if (edited === undefined) return [];
      if (edited.unknownEndpoints > 0) report.unknownEndpoints.set(name, edited.unknownEndpoints);
      return [edited.bytes];
    });
  }

  #editListeners(
    listeners: readonly Uint8Array[],
    tables: readonly TableFacts[],
    binding: Binding,
    plans: readonly Plan[],
    report: EditReport,
  ): Uint8Array[] {
    const demands = demandsOf(tables, binding, plans, this.#options);
    const names = listeners.some((bytes) => readsNames(bytes));
    const edit = (bytes: Uint8Array): Uint8Array | undefined =>
      this.#listeners.get(
        textField(bytes, NAME_FIELD),
        bytes,
        [
          String(names),
          ...[...demands].flatMap(([name, { filters, gateways }]) => [
            name,
            [...filters].join(),
            ...gateways.map((gateway) => `${gateway.name} ${gateway.revision}`),
          ]),
        ],
        () => editListener(bytes, (name) => demands.get(name), this.#options, names),
      );
    return listeners.map((bytes) => attempt("listener", report, () => edit(bytes)) ?? bytes);
  }
}

/** Runs one step of the edit; what fails is reported, and undefined. */
function attempt<Result>(
  resource: string,
  report: EditReport,
  step: () => Result,
): Result | undefined {
  try {
    return step();
  } catch (error) {
    report.failures.push({ resource, error: messageOf(error) });
    return undefined;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const allRoutes = (tables: readonly TableFacts[]): RouteFacts[] =>
  tables.flatMap(({ hosts }) => hosts.flatMap(({ facts }) => facts.routes));

/** The Gateways of the hosts that AI traffic comes to. */
function gatewaysOf(tables: readonly TableFacts[], plans: readonly Plan[]): Set<string> {
  const hosts = tables.flatMap((table) => table.hosts.map(({ facts }) => facts));
  return new Set(
    hosts
      .filter(({ routes }) => routes.some((route) => isAiRoute(route, plans)))
      .flatMap(({ gateway }) => gateway ?? []),
  );
}

/** Clusters of rules, by the rule's id. */
function namedByRule(
  clusters: readonly Uint8Array[],
  report: EditReport,
): Map<string, { name: string; bytes: Uint8Array }[]> {
  const found = new Map<string, { name: string; bytes: Uint8Array }[]>();
  for (const bytes of clusters) {
    const name = attempt("cluster", report, () => textField(bytes, NAME_FIELD)) ?? "";
    const rule = ruleName(name)?.rule;
    if (rule === undefined) continue;
    const known = found.get(rule);
    if (known === undefined) found.set(rule, [{ name, bytes }]);
    else known.push({ name, bytes });
  }
  return found;
}

function note(tables: readonly TableFacts[], { isAi, ruleOf }: Binding, report: EditReport): void {
  const denied = new Set<string>();
  const revisions = new Set<string>();
  for (const route of allRoutes(tables)) {
    if (!isAi(route) || route.name === undefined) continue;
    report.routes += 1;
    if (route.revision !== undefined) revisions.add(route.revision);
    if (ruleOf(route.name.rule) === undefined && route.answers === undefined) {
      denied.add(route.name.rule);
    }
  }
  report.denied = [...denied];
  report.revisions = [...revisions];
}

/** Aggregates of the clusters that rules share their requests among; each once. */
function aggregatesOf(
  tables: readonly TableFacts[],
  { ruleOf }: Binding,
  tell: boolean,
): Uint8Array[] {
  const names = new Map<RulePlan, Set<string>>();
  for (const { name, weighted } of allRoutes(tables)) {
    const rule = weighted.length === 0 ? undefined : ruleOf(name?.rule ?? "");
    if (rule === undefined) continue;
    const known = names.get(rule) ?? new Set<string>();
    names.set(rule, known);
    for (const each of weighted) known.add(each);
  }
  return [...names].flatMap(([rule, parts]) =>
    partsOf(rule)
      .flatMap((part) => aggregates([...parts], part, { names: tell }))
      .map((json) => bytesOf(ClusterSchema, json)),
  );
}

/** The plans of all rules of the tables, each once. */
const boundRules = (
  tables: readonly TableFacts[],
  { ruleOf }: Pick<Binding, "ruleOf">,
): RulePlan[] => [
  ...new Set(allRoutes(tables).flatMap(({ name }) => ruleOf(name?.rule ?? "") ?? [])),
];

/** The secrets of the rules that are served. */
function secretsOf(
  tables: readonly TableFacts[],
  { ruleOf }: Binding,
  plans: readonly Plan[],
): Uint8Array[] {
  const rules = boundRules(tables, { ruleOf });
  const names = new Set(
    rules.flatMap(({ backends }) =>
      backends.flatMap(({ credential }) => {
        const own = credential?.kind === "brought" ? credential.otherwise : credential;
        return own?.kind === "header" ? own.secretName : [];
      }),
    ),
  );
  return [...names].sort().flatMap((name) => {
    const value = secretValue(plans, name);
    return value === undefined
      ? []
      : [bytesOf(SecretSchema, { name, generic_secret: { secret: { inline_string: value } } })];
  });
}

/** What listeners need, by the route table that they use. */
function demandsOf(
  tables: readonly TableFacts[],
  binding: Binding,
  plans: readonly Plan[],
  options: ExtensionOptions,
): Map<string, Demand> {
  return new Map(
    tables.flatMap((table): [string, Demand][] => {
      const hosts = table.hosts
        .map(({ facts }) => facts)
        .filter((facts) => servesAi(facts, binding));
      if (hosts.length === 0) return [];
      const names = new Set(hosts.flatMap(({ gateway }) => gateway ?? []));
      const demand = {
        filters: new Set(hosts.flatMap(({ filters }) => filters)),
        gateways: gatewayPlans(plans, names),
        accounting: [...names].some((name) => options.accounting(name) !== undefined),
      };
      return [[table.name, demand]];
    }),
  );
}
