import { parse } from "yaml";

export interface LocalEnvoy {
  address: string;
  /** Unix socket on which xDS is served without TLS. */
  xdsSocket: string;
  /** `host:port`. */
  nameServer: string;
}

interface SocketAddress {
  address: string;
  port_value: number;
}

interface Bootstrap {
  admin: { address: { socket_address: SocketAddress } };
  cluster_manager?: object;
  static_resources: {
    listeners?: { address: { socket_address: SocketAddress } }[];
    clusters: Cluster[];
  };
  [field: string]: unknown;
}

interface Cluster {
  name: string;
  type?: string;
  transport_socket?: unknown;
  load_assignment?: { endpoints: { lb_endpoints: { endpoint: { address: object } }[] }[] };
  [field: string]: unknown;
}

/** Flags whose value this machine or the Pod's neighbours would not bear. */
const DROPPED = new Set(["--cpuset-threads"]);

/** Envoy's arguments from Envoy Gateway's Deployment, for an Envoy that shares its machine. */
export function localEnvoyArguments(words: readonly string[], local: LocalEnvoy): string[] {
  const args: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? "";
    if (DROPPED.has(word)) continue;
    args.push(word);
    if (word !== "--config-yaml") continue;
    i += 1;
    args.push(JSON.stringify(localBootstrap(parse(words[i] ?? "") as Bootstrap, local)));
  }
  return [...args, "--concurrency", "1", "--disable-hot-restart"];
}

function localBootstrap(bootstrap: Bootstrap, { address, xdsSocket, nameServer }: LocalEnvoy) {
  const { static_resources: resources, cluster_manager: _, ...rest } = bootstrap;
  const admin = { address: at(address, rest.admin.address.socket_address) };
  const adminPort = rest.admin.address.socket_address.port_value;
  const [dnsHost = "", dnsPort = ""] = nameServer.split(":");
  const clusters = resources.clusters
    // Zones are not known here; Envoy would wait for the endpoints of its own cluster.
    .filter(({ type }) => type !== "EDS")
    .map((cluster) => {
      if (cluster.name === "xds_cluster") return xdsCluster(cluster, xdsSocket);
      if (cluster.name !== "prometheus_stats") return cluster;
      return {
        ...cluster,
        load_assignment: assigned(cluster.name, at(address, { port_value: adminPort })),
      };
    });
  return {
    ...rest,
    admin: { ...rest.admin, ...admin },
    static_resources: {
      ...resources,
      listeners: (resources.listeners ?? []).map((listener) => ({
        ...listener,
        address: at(address, listener.address.socket_address),
      })),
      clusters,
    },
    typed_dns_resolver_config: {
      name: "envoy.network.dns_resolver.cares",
      typed_config: {
        "@type":
          "type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
        resolvers: [{ socket_address: { address: dnsHost, port_value: Number(dnsPort) } }],
        dns_resolver_options: { no_default_search_domain: true },
      },
    },
  };
}

const at = (address: string, socket: Omit<SocketAddress, "address">) => ({
  socket_address: { ...socket, address },
});

const assigned = (name: string, address: object) => ({
  cluster_name: name,
  endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }],
});

function xdsCluster({ transport_socket: _, ...cluster }: Cluster, path: string): Cluster {
  return {
    ...cluster,
    type: "STATIC",
    load_assignment: assigned(cluster.name, { pipe: { path } }),
  };
}
