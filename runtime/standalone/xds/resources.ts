/** The resources an Envoy is driven with, by kind and name, each with a hash of its bytes. */
import { createHash } from "node:crypto";
import { create, type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import {
  type Cluster,
  Cluster_DiscoveryType,
  ClusterSchema,
} from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import {
  type ClusterLoadAssignment,
  ClusterLoadAssignmentSchema,
} from "../../../protos/gen/envoy/config/endpoint/v3/endpoint_pb.ts";
import {
  type Listener,
  ListenerSchema,
} from "../../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "../../../protos/gen/envoy/config/route/v3/route_pb.ts";
import {
  type Secret,
  SecretSchema,
} from "../../../protos/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.ts";
import { typeUrl } from "../../../protos/registry.ts";

/** Everything one Envoy shall run with. Names are unique within a kind. */
export interface XdsSnapshot {
  readonly clusters: readonly Cluster[];
  readonly endpoints: readonly ClusterLoadAssignment[];
  readonly listeners: readonly Listener[];
  readonly routes: readonly RouteConfiguration[];
  readonly secrets: readonly Secret[];
}

export type ResourceKind = keyof XdsSnapshot;

export interface Resource {
  readonly any: Any;
  /** Of the resource's bytes: equal hashes need not be sent again. */
  readonly hash: string;
  /** The name under which an EDS cluster asks for its endpoints. */
  readonly edsName?: string;
}

export type ResourceMap = ReadonlyMap<string, Resource>;

/** What is served at one moment. */
export type ServedResources = Readonly<Record<ResourceKind, ResourceMap>>;

interface KindInfo {
  readonly typeUrl: string;
  /** Subscribed to as a whole; the others are asked for by name. */
  readonly wildcard: boolean;
}

export const RESOURCE_KINDS: Readonly<Record<ResourceKind, KindInfo>> = {
  clusters: { typeUrl: typeUrl(ClusterSchema), wildcard: true },
  endpoints: { typeUrl: typeUrl(ClusterLoadAssignmentSchema), wildcard: false },
  listeners: { typeUrl: typeUrl(ListenerSchema), wildcard: true },
  routes: { typeUrl: typeUrl(RouteConfigurationSchema), wildcard: false },
  secrets: { typeUrl: typeUrl(SecretSchema), wildcard: false },
};

export function kindOfTypeUrl(url: string): ResourceKind | undefined {
  const found = Object.entries(RESOURCE_KINDS).find(([, info]) => info.typeUrl === url);
  return found?.[0] as ResourceKind | undefined;
}

export const NOTHING_SERVED: ServedResources = {
  clusters: new Map(),
  endpoints: new Map(),
  listeners: new Map(),
  routes: new Map(),
  secrets: new Map(),
};

/** Encodes a snapshot. Throws on two resources of one kind and name. */
export function indexSnapshot(snapshot: XdsSnapshot): ServedResources {
  return {
    clusters: index("cluster", ClusterSchema, snapshot.clusters, (it) => it.name, edsNameOf),
    endpoints: index(
      "endpoints of cluster",
      ClusterLoadAssignmentSchema,
      snapshot.endpoints,
      (it) => it.clusterName,
    ),
    listeners: index("listener", ListenerSchema, snapshot.listeners, (it) => it.name),
    routes: index(
      "route configuration",
      RouteConfigurationSchema,
      snapshot.routes,
      (it) => it.name,
    ),
    secrets: index("secret", SecretSchema, snapshot.secrets, (it) => it.name),
  };
}

function edsNameOf(cluster: Cluster): string | undefined {
  const discovery = cluster.clusterDiscoveryType;
  return discovery.case === "type" && discovery.value === Cluster_DiscoveryType.EDS
    ? cluster.edsClusterConfig?.serviceName || cluster.name
    : undefined;
}

function index<Desc extends DescMessage>(
  what: string,
  schema: Desc,
  messages: readonly MessageShape<Desc>[],
  nameOf: (message: MessageShape<Desc>) => string,
  edsNameOf: (message: MessageShape<Desc>) => string | undefined = () => undefined,
): ResourceMap {
  const map = new Map<string, Resource>();
  for (const message of messages) {
    const name = nameOf(message);
    if (map.has(name)) throw new Error(`two xDS resources are called ${what} "${name}"`);
    const value = toBinary(schema, message);
    const edsName = edsNameOf(message);
    map.set(name, {
      any: create(AnySchema, { typeUrl: typeUrl(schema), value }),
      hash: createHash("sha256").update(value).digest("base64url"),
      ...(edsName !== undefined && { edsName }),
    });
  }
  return map;
}

/** Version of a whole kind: a hash over names and contents, whatever their order. */
export function versionOf(resources: ResourceMap): string {
  const hash = createHash("sha256");
  for (const [name, { hash: content }] of [...resources].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0${content}\0`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Both maps; where both have a name, `winner` decides. */
export function union(other: ResourceMap, winner: ResourceMap): ResourceMap {
  return new Map([...other, ...winner]);
}
