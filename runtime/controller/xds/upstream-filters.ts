import {
  BACKEND_HEADER,
  BACKEND_METADATA_KEY,
  CREDENTIAL_HEADER,
  ENDPOINT_METADATA_NAMESPACE,
  LANE_HEADER,
  SERVED_BY_HEADER,
  SIGNED_HEADER,
  USAGE_HEADER,
} from "../../program/names.ts";
import { hostnameOf } from "../compile/addresses.ts";
import type { BackendPlan, RulePlan } from "../compile/plan.ts";
import {
  beforeCredential,
  beforeProgram,
  broughtHeaders,
  credentialAction,
  credentialHeaders,
  headersToDrop,
} from "./credentials.ts";
import { extProcAction } from "./ext-proc.ts";
import {
  defaultHeader,
  type HeaderStep,
  headerMutation,
  literal,
  removeHeader,
  savedHeaderKey,
  setHeader,
} from "./headers.ts";
import { extension, type JsonObject } from "./json.ts";
import {
  always,
  byHeader,
  chosenFilter,
  deny,
  type FilterAction,
  matchNext,
  run,
  skip,
} from "./matching.ts";

export interface UpstreamOptions {
  /** Answers say who served them, for the extraction filter with the option of this name. */
  names?: boolean;
}

/**
 * The upstream filter chain of a rule's cluster. It runs once per attempt, when the host is known,
 * and every step asks who that host is:
 *
 * 1. name the backend; give headers that an earlier attempt changed back their first values, since
 *    all attempts of a request share one header map (a key would else travel to the next backend);
 * 2. run the backend's program in ext_proc, or nothing in the native lane;
 * 3. header mutations;
 * 4. the credential, last, so that a signature covers what is sent;
 * 5. take out again what is nobody's business outside.
 *
 * A host that no step knows is refused at the first of them.
 */
export function upstreamFilters(rule: RulePlan, options: UpstreamOptions = {}): JsonObject[] {
  const { backends } = rule;
  const restore = touchedHeaders(rule);
  const identify: HeaderStep[] = [
    setHeader(BACKEND_HEADER, ofHost(BACKEND_METADATA_KEY)),
    // Compressed answers hide their usage from Envoy, and with it from every limit.
    removeHeader("accept-encoding"),
    removeHeader(USAGE_HEADER),
    ...restore.flatMap((name) => [
      removeHeader(name),
      setHeader(name, `%FILTER_STATE(${savedHeaderKey(name)}:PLAIN)%`),
    ]),
  ];
  const chain = [
    mutationFilter("identify", identify, options.names ? [servedBy(rule)] : []),
    ...stepPerBackend("keys", backends, ({ credential }) => mutate(beforeProgram(credential))),
    chosenFilter("program", programMatcher(rule)),
    ...stepPerBackend("headers", backends, (backend) =>
      mutate([...strangersCredentials(backend, rule), ...headerSteps(backend)]),
    ),
    ...stepPerBackend("credential", backends, ({ credential, addresses: [address] }) =>
      credential && address ? credentialAction(credential, hostnameOf(address)) : skip,
    ),
    mutationFilter("forget", [...INTERNAL_HEADERS, ...broughtTo(rule)].map(removeHeader)),
    extension(
      "envoy.filters.http.upstream_codec",
      "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec",
    ),
  ];
  return chain;
}

/**
 * The same for a rule with one backend whose endpoints stand in the cluster itself, and whose route
 * names the cluster by the rule's lanes (`clusterName`). Nothing can then come apart between the two, so
 * that nothing is looked up: an Envoy spends about a tenth less on a request.
 */
export function soleBackendFilters(rule: RulePlan, backend: BackendPlan): JsonObject[] {
  const { credential, headers, addresses, program } = backend;
  const clear = [
    ...["accept-encoding", USAGE_HEADER].map(removeHeader),
    ...beforeProgram(credential),
  ];
  const adapt = [
    ...headerSteps({ headers, ...(credential === undefined ? {} : { credential }) }),
    ...INTERNAL_HEADERS.slice(1).map(removeHeader),
  ];
  const lanes = lanesOfRule(rule);
  const translate = program === undefined ? deny : extProcAction(program);
  const [address] = addresses;
  return [
    ...(lanes === "native"
      ? [mutationFilter("adapt", [...clear, ...adapt])]
      : [
          mutationFilter("clear", clear),
          lanes === "translated"
            ? always("program", translate)
            : chosenFilter(
                "program",
                byHeader(LANE_HEADER, { native: skip, translated: translate }, deny),
              ),
          mutationFilter("adapt", adapt),
        ]),
    ...(credential && address
      ? [always("credential", credentialAction(credential, hostnameOf(address)))]
      : []),
    extension(
      "envoy.filters.http.upstream_codec",
      "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec",
    ),
  ];
}

/** Which lanes requests of a rule can take: its clusters' filters depend on no more of its endpoints. */
export function lanesOfRule({ endpoints }: RulePlan): "native" | "translated" | "mixed" {
  const plans = Object.values(endpoints);
  const translated = plans.some((plan) => plan.lane === "translated" || plan.streamUsage);
  if (!translated) return "native";
  return plans.some((plan) => plan.lane === "native") ? "mixed" : "translated";
}

/** Names of ours and of the client's network that a provider has no use for. */
const INTERNAL_HEADERS = [BACKEND_HEADER, "x-envoy-external-address", "x-envoy-original-host"];

function programMatcher(rule: RulePlan): JsonObject {
  const lanes: Record<string, FilterAction> = {};
  const plans = Object.values(rule.endpoints);
  if (plans.some((plan) => plan.lane === "native")) {
    lanes.native = matchNext(perBackend(rule.backends, () => skip));
  }
  if (plans.some((plan) => plan.lane === "translated" || plan.streamUsage)) {
    lanes.translated = matchNext(
      perBackend(rule.backends, ({ program }) =>
        program === undefined ? deny : extProcAction(program, rule.extProc),
      ),
    );
  }
  return byHeader(LANE_HEADER, lanes, deny);
}

const perBackend = (
  backends: readonly BackendPlan[],
  action: (backend: BackendPlan) => FilterAction,
): JsonObject =>
  byHeader(BACKEND_HEADER, Object.fromEntries(backends.map((b) => [b.key, action(b)])), deny);

/** A step that no backend needs is left out: hosts that nobody knows were refused before it. */
function stepPerBackend(
  name: string,
  backends: readonly BackendPlan[],
  action: (backend: BackendPlan) => FilterAction,
): JsonObject[] {
  if (backends.every((backend) => action(backend) === skip)) return [];
  return [chosenFilter(name, perBackend(backends, action))];
}

const mutate = (steps: HeaderStep[]): FilterAction =>
  steps.length === 0 ? skip : run("headers", headerMutation(steps));

/** Headers in which credentials may come for the backends of a rule, or stand on their way. */
function broughtTo({ backends }: RulePlan): string[] {
  if (backends.every(({ credential }) => credential?.kind !== "brought")) return [];
  const brought = backends.flatMap(({ credential }) => broughtHeaders(credential));
  return [...new Set([...brought, CREDENTIAL_HEADER, SIGNED_HEADER])];
}

/** What a request brings for other backends of the rule, this one does not see. */
const strangersCredentials = ({ credential }: BackendPlan, rule: RulePlan): HeaderStep[] => {
  const own = [...broughtHeaders(credential), CREDENTIAL_HEADER, SIGNED_HEADER];
  return broughtTo(rule)
    .filter((name) => !own.includes(name))
    .map(removeHeader);
};

const headerSteps = ({
  headers,
  credential,
}: Pick<BackendPlan, "headers" | "credential">): HeaderStep[] => [
  ...(credential ? headersToDrop(credential) : []).map(removeHeader),
  ...headers.remove.map(removeHeader),
  ...headers.set.map(([name, value]) => setHeader(name, literal(value))),
  ...headers.defaults.map(([name, value]) => defaultHeader(name, literal(value))),
  ...beforeCredential(credential),
];

/** What translations write besides path and length, which every translation writes anew. */
const TRANSLATION_HEADERS = ["content-type", "anthropic-version", "anthropic-beta"];

/**
 * Headers that an attempt may change, where another backend may follow; sorted. Their first values
 * are saved by the listener.
 */
export function touchedHeaders(rule: RulePlan): string[] {
  if (rule.backends.length < 2) return [];
  const translates = Object.values(rule.endpoints).some((plan) => plan.lane === "translated");
  const names = rule.backends.flatMap((backend) => [
    ...(translates ? TRANSLATION_HEADERS : []),
    ...backend.headers.set.map(([name]) => name),
    ...backend.headers.remove,
    ...backend.headers.defaults.map(([name]) => name),
    ...(backend.credential ? credentialHeaders(backend.credential) : []),
  ]);
  return [...new Set(names)].sort();
}

const mutationFilter = (
  name: string,
  steps: HeaderStep[],
  ofAnswer: HeaderStep[] = [],
): JsonObject => ({
  name,
  typed_config: headerMutation(steps, ofAnswer),
});

const servedBy = ({ route }: RulePlan): HeaderStep =>
  setHeader(
    SERVED_BY_HEADER,
    [literal(route), ...["ai_service_backend_name", "model_name_override"].map(ofHost)].join(" "),
  );

const ofHost = (key: string): string =>
  `%UPSTREAM_METADATA(${ENDPOINT_METADATA_NAMESPACE}:${key})%`;
