import type { Endpoint } from "../../endpoints/endpoint.ts";
import { endpoints } from "../../endpoints/registry.ts";
import type { Cost } from "../../program/program.ts";
import type { Passthrough } from "../../providers/provider.ts";
import { providerBySchema, support, whyUnsupported } from "../../providers/registry.ts";
import { estimatedKeys, unreadableCost, usageProfile, zeroKeys } from "./costs.ts";
import type { EndpointPlan } from "./plan.ts";

/** What the choice of a lane depends on, for each backend of a rule. */
export interface LaneBackend {
  name: string;
  schema: string;
  prefix?: string;
  version?: string;
  modelOverride?: string;
  bodyMutated: boolean;
  /** ext_proc signs for it, with keys that requests bring along. */
  signed: boolean;
}

/** Endpoints that carry a body through a backend; model lists are answered by the gateway itself. */
export const routedEndpoints = endpoints.filter((endpoint) => endpoint.method === "POST");

export interface Lanes {
  /** For every endpoint that at least one backend serves, how its requests go. */
  endpoints: Record<string, EndpointPlan>;
  /** Endpoints that only some of the backends serve, by the indices of these. */
  narrowed: { endpoints: string[]; backends: number[] }[];
}

/** Each endpoint's requests go to those backends that can serve it, whatever the others speak. */
export function lanesOf(backends: readonly LaneBackend[], costs: readonly Cost[]): Lanes {
  const lanes: Lanes = { endpoints: {}, narrowed: [] };
  for (const endpoint of routedEndpoints) {
    const serving = [...backends.keys()].filter(
      (index) => support(endpoint.id, backends[index]?.schema ?? "") !== undefined,
    );
    if (serving.length === 0) continue;
    const able = backends.filter((_, index) => serving.includes(index));
    lanes.endpoints[endpoint.id] = laneOf(endpoint, able, costs);
    if (able.length === backends.length) continue;
    const known = lanes.narrowed.find((each) => each.backends.join() === serving.join());
    if (known === undefined) lanes.narrowed.push({ endpoints: [endpoint.id], backends: serving });
    else known.endpoints.push(endpoint.id);
  }
  return lanes;
}

/**
 * Backends of a rule that cannot serve endpoints which the rule otherwise serves, and those
 * endpoints by the reason why.
 */
export const cannotServe = (
  endpointIds: readonly string[],
  backends: readonly LaneBackend[],
): { backend: LaneBackend; lacks: [reason: string, endpointIds: string[]][] }[] =>
  backends
    .map((backend) => {
      const lacks = new Map<string, string[]>();
      for (const id of endpointIds) {
        if (support(id, backend.schema) !== undefined) continue;
        const why = whyUnsupported(id, backend.schema);
        lacks.set(why, [...(lacks.get(why) ?? []), id]);
      }
      return { backend, lacks: [...lacks] };
    })
    .filter(({ lacks }) => lacks.length > 0);

function laneOf(
  endpoint: Endpoint,
  backends: readonly LaneBackend[],
  costs: readonly Cost[],
): EndpointPlan {
  const translated = (reason: string): EndpointPlan => ({ lane: "translated", reason });
  if (endpoint.modelIn === "path") return translated("its path names the model");
  let edit: { model?: string; path?: string } | undefined;
  let protocol: Passthrough | undefined;
  for (const backend of backends) {
    const provider = providerBySchema(backend.schema);
    const passthrough = provider?.passthrough[endpoint.id];
    if (provider === undefined || passthrough === undefined) {
      return translated(`backend ${backend.name} speaks ${backend.schema}`);
    }
    if (backend.bodyMutated) return translated(`backend ${backend.name} has body mutations`);
    if (backend.signed) {
      return translated(`requests to backend ${backend.name} bring the keys that sign them`);
    }
    if (passthrough.wrapping !== undefined) {
      return translated(`backend ${backend.name} wraps the client's protocol`);
    }
    const path = fixedPath(passthrough, backend, provider.meta.defaultPrefix);
    if (path === undefined)
      return translated(`the path of backend ${backend.name} names the model`);
    const own = {
      path,
      ...(backend.modelOverride === undefined ? {} : { model: backend.modelOverride }),
    };
    if (edit !== undefined && (edit.path !== own.path || edit.model !== own.model)) {
      return translated("its backends differ in path or model name");
    }
    edit = own;
    if (protocol !== undefined && protocol !== passthrough) {
      return translated("its backends speak different protocols");
    }
    protocol = passthrough;
  }
  if (protocol === undefined || edit === undefined) return translated("it has no backend");
  const unreadable = unreadableCost(costs, endpoint, protocol);
  if (unreadable !== undefined) {
    return translated(
      `cost ${unreadable.key} (${unreadable.type}) is not a plain field of the answer`,
    );
  }
  const estimate = estimatedKeys(costs, endpoint);
  const zero = zeroKeys(costs, endpoint, protocol);
  return {
    lane: "native",
    edit,
    usage: usageProfile(costs, protocol),
    ...(costs.length > 0 && protocol.streamUsageOption ? { streamUsage: true } : {}),
    ...(estimate.length > 0 ? { estimate } : {}),
    ...(zero.length > 0 ? { zero } : {}),
  };
}

/** The upstream path where it is the same for every model. */
function fixedPath(
  passthrough: Passthrough,
  backend: LaneBackend,
  defaultPrefix: string,
): string | undefined {
  const context = {
    prefix: backend.prefix ?? defaultPrefix,
    ...(backend.version === undefined ? {} : { version: backend.version }),
  };
  const one = passthrough.path(context, backend.modelOverride ?? "model-a", false);
  const other = passthrough.path(context, backend.modelOverride ?? "model-b", false);
  return one === other ? one : undefined;
}
