import { isIP } from "node:net";
import type { Cluster } from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import {
  type TransportSocket,
  TransportSocketSchema,
} from "../../../protos/gen/envoy/config/core/v3/base_pb.ts";
import { Http11ProxyUpstreamTransportSchema } from "../../../protos/gen/envoy/extensions/transport_sockets/http_11_proxy/v3/upstream_http_11_connect_pb.ts";
import { messageFromJson, packAny } from "../../../protos/registry.ts";
import type { GatewayPlan } from "../compile/plan.ts";
import { extension } from "../xds/json.ts";
import type { ExtensionOptions } from "./options.ts";

/** A proxy as Envoy takes it: by address, never by name. */
export interface Proxy {
  address: string;
  port: number;
}

/**
 * The proxy of a Gateway; `unknown` where its name has no address just now: nothing may then pass,
 * since nothing may go past it.
 */
export function proxyOf(
  gateway: GatewayPlan | undefined,
  { resolve }: ExtensionOptions,
): Proxy | "unknown" | undefined {
  const proxy = gateway?.forwardProxy;
  if (proxy === undefined) return undefined;
  const address = isIP(proxy.host) === 0 ? resolve?.(proxy.host) : proxy.host;
  return address === undefined ? "unknown" : { address, port: proxy.port };
}

/** Every connection of a cluster goes through the proxy, with what it has of TLS inside the tunnel. */
export function throughProxy(cluster: Cluster, proxy: Proxy): void {
  for (const match of cluster.transportSocketMatches) {
    match.transportSocket = wrapped(match.transportSocket, proxy);
  }
  // Also what is chosen where none of these matches.
  cluster.transportSocket = wrapped(cluster.transportSocket, proxy);
}

function wrapped(inner: TransportSocket | undefined, { address, port }: Proxy): TransportSocket {
  const socket = messageFromJson(Http11ProxyUpstreamTransportSchema, {
    default_proxy_address: { socket_address: { address, port_value: port } },
  });
  socket.transportSocket = inner ?? PLAIN;
  return {
    ...messageFromJson(TransportSocketSchema, { name: "envoy.transport_sockets.http_11_proxy" }),
    configType: {
      case: "typedConfig",
      value: packAny(Http11ProxyUpstreamTransportSchema, socket),
    },
  };
}

const PLAIN = messageFromJson(
  TransportSocketSchema,
  extension(
    "envoy.transport_sockets.raw_buffer",
    "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
  ),
);
