/**
 * An Envoy as far as xDS goes: subscribes, acknowledges or refuses, keeps what it was given, and
 * notes every moment at which one of its routes could not have been served.
 */
import { create, fromBinary } from "@bufbuild/protobuf";
import { ClusterSchema } from "../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { ClusterLoadAssignmentSchema } from "../../protos/gen/envoy/config/endpoint/v3/endpoint_pb.ts";
import { ListenerSchema } from "../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import { RouteConfigurationSchema } from "../../protos/gen/envoy/config/route/v3/route_pb.ts";
import { SecretSchema } from "../../protos/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.ts";
import {
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  type DiscoveryResponse,
} from "../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import { RESOURCE_KINDS, type ResourceKind } from "../../runtime/standalone/xds/resources.ts";

export interface FakeEnvoyOptions {
  /** Refuses any resource of this name, with this text. */
  readonly refuses?: { readonly name: string; readonly text: string };
}

export class FakeEnvoy {
  /** Cluster name to the names it asks endpoints under (undefined: endpoints inline). */
  readonly clusters = new Map<string, string | undefined>();
  readonly endpoints = new Set<string>();
  readonly listeners = new Set<string>();
  /** Route configuration name to the clusters its virtual hosts' routes point at. */
  readonly routes = new Map<string, readonly string[]>();
  readonly secrets = new Map<string, string>();
  /** Moments at which a route had no cluster, or a cluster no endpoints. */
  readonly broken: string[] = [];
  /** Responses in the order they came: kind and names. */
  readonly received: { readonly kind: ResourceKind; readonly names: readonly string[] }[] = [];

  readonly #options: FakeEnvoyOptions;
  readonly #request: (request: DiscoveryRequest) => void;
  readonly #last = new Map<ResourceKind, { nonce: string; version: string }>();
  readonly #asked = new Map<ResourceKind, string>();

  constructor(request: (request: DiscoveryRequest) => void, options: FakeEnvoyOptions = {}) {
    this.#request = request;
    this.#options = options;
  }

  start(): void {
    this.#ask("clusters", []);
    this.#ask("listeners", []);
  }

  subscribe(kind: ResourceKind, names: readonly string[]): void {
    this.#ask(kind, names);
  }

  receive(response: DiscoveryResponse): void {
    const kind = kindOf(response.typeUrl);
    const named = response.resources.map(({ value }) => nameOf(kind, value));
    this.received.push({ kind, names: named });
    const refused = this.#options.refuses;
    const bad = refused !== undefined && named.includes(refused.name);
    // As Envoy does: of clusters and listeners the good ones are taken even when one is refused.
    if (!bad || RESOURCE_KINDS[kind].wildcard) {
      this.#take(
        kind,
        response.resources.map(({ value }) => value).filter((_, i) => named[i] !== refused?.name),
      );
    }
    if (!bad) this.#last.set(kind, { nonce: response.nonce, version: response.versionInfo });
    this.#request(
      create(DiscoveryRequestSchema, {
        typeUrl: response.typeUrl,
        responseNonce: response.nonce,
        versionInfo: this.#last.get(kind)?.version ?? "",
        resourceNames: [...this.#names(kind)],
        ...(bad && { errorDetail: { code: 13, message: refused.text } }),
      }),
    );
    if (bad) this.#last.set(kind, { nonce: response.nonce, version: "" });
    this.#askForReferences();
    this.#check();
  }

  #take(kind: ResourceKind, values: readonly Uint8Array[]): void {
    switch (kind) {
      case "clusters":
        this.clusters.clear();
        for (const value of values) {
          const cluster = fromBinary(ClusterSchema, value);
          this.clusters.set(cluster.name, cluster.edsClusterConfig?.serviceName);
        }
        return;
      case "endpoints":
        for (const value of values) this.endpoints.add(nameOf(kind, value));
        return;
      case "listeners":
        this.listeners.clear();
        for (const value of values) this.listeners.add(nameOf(kind, value));
        return;
      case "routes":
        for (const value of values) {
          this.routes.set(nameOf(kind, value), clustersOf(value));
        }
        return;
      case "secrets":
        for (const value of values) {
          const secret = fromBinary(SecretSchema, value);
          const source =
            secret.type.case === "genericSecret" ? secret.type.value.secret?.specifier : undefined;
          this.secrets.set(
            secret.name,
            source?.case === "inlineString" ? String(source.value) : "",
          );
        }
    }
  }

  /** Listener `x` uses the route configuration `x`; an EDS cluster its endpoints. */
  #names(kind: ResourceKind): ReadonlySet<string> {
    if (kind === "endpoints") {
      return new Set([...this.clusters.values()].filter((name) => name !== undefined));
    }
    return kind === "routes" ? this.listeners : new Set(this.#asked.get(kind)?.split(","));
  }

  #askForReferences(): void {
    for (const kind of ["endpoints", "routes"] as const) {
      const names = [...this.#names(kind)];
      if (names.join() !== (this.#asked.get(kind) ?? "")) this.#ask(kind, names);
    }
    for (const name of this.routes.keys()) if (!this.listeners.has(name)) this.routes.delete(name);
  }

  #ask(kind: ResourceKind, names: readonly string[]): void {
    this.#asked.set(kind, names.join());
    this.#request(
      create(DiscoveryRequestSchema, {
        typeUrl: RESOURCE_KINDS[kind].typeUrl,
        responseNonce: this.#last.get(kind)?.nonce ?? "",
        versionInfo: this.#last.get(kind)?.version ?? "",
        resourceNames: [...names],
      }),
    );
  }

  #check(): void {
    for (const [route, clusters] of this.routes) {
      for (const name of clusters) {
        const edsName = this.clusters.get(name);
        if (!this.clusters.has(name)) this.broken.push(`${route}: no cluster ${name}`);
        else if (edsName !== undefined && !this.endpoints.has(edsName)) {
          this.broken.push(`${route}: no endpoints for ${name}`);
        }
      }
    }
  }
}

function kindOf(typeUrl: string): ResourceKind {
  const found = Object.entries(RESOURCE_KINDS).find(([, info]) => info.typeUrl === typeUrl);
  if (!found) throw new Error(`unexpected type ${typeUrl}`);
  return found[0] as ResourceKind;
}

function nameOf(kind: ResourceKind, value: Uint8Array): string {
  switch (kind) {
    case "clusters":
      return fromBinary(ClusterSchema, value).name;
    case "endpoints":
      return fromBinary(ClusterLoadAssignmentSchema, value).clusterName;
    case "listeners":
      return fromBinary(ListenerSchema, value).name;
    case "routes":
      return fromBinary(RouteConfigurationSchema, value).name;
    case "secrets":
      return fromBinary(SecretSchema, value).name;
  }
}

function clustersOf(value: Uint8Array): string[] {
  const { virtualHosts } = fromBinary(RouteConfigurationSchema, value);
  return virtualHosts.flatMap((host) =>
    host.routes.flatMap(({ action }) =>
      action.case === "route" && action.value.clusterSpecifier.case === "cluster"
        ? [action.value.clusterSpecifier.value]
        : [],
    ),
  );
}
