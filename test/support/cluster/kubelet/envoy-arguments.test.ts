import { stringify } from "yaml";
import { localEnvoyArguments } from "./envoy-arguments.ts";

const socket = (address: string, port: number) => ({
  socket_address: { address, port_value: port },
});
const bootstrap = {
  admin: { address: socket("127.0.0.1", 19_000) },
  cluster_manager: { local_cluster_name: "local" },
  dynamic_resources: { ads_config: { api_type: "DELTA_GRPC" } },
  static_resources: {
    listeners: [{ name: "stats", address: socket("0.0.0.0", 19_001) }],
    clusters: [
      {
        name: "prometheus_stats",
        type: "STATIC",
        load_assignment: {
          cluster_name: "prometheus_stats",
          endpoints: [{ lb_endpoints: [{ endpoint: { address: socket("127.0.0.1", 19_000) } }] }],
        },
      },
      { name: "local", type: "EDS" },
      { name: "xds_cluster", type: "STRICT_DNS", transport_socket: {}, connect_timeout: "10s" },
    ],
  },
};

test("Envoy's arguments are kept but for what would not suit a shared machine", () => {
  const words = ["--service-node", "n", "--config-yaml", stringify(bootstrap), "--cpuset-threads"];
  const args = localEnvoyArguments(words, {
    address: "127.18.0.2",
    xdsSocket: "/pod/ads.sock",
    nameServer: "127.18.0.1:5353",
  });
  expect(args.slice(0, 3)).toEqual(["--service-node", "n", "--config-yaml"]);
  expect(args).not.toContain("--cpuset-threads");
  expect(args).toContain("--disable-hot-restart");
  const local = JSON.parse(args[3] ?? "");
  expect(JSON.stringify(local)).not.toMatch(/0\.0\.0\.0|"127\.0\.0\.1"|local_cluster_name|EDS/);
  expect(local).toMatchObject({
    admin: { address: socket("127.18.0.2", 19_000) },
    dynamic_resources: bootstrap.dynamic_resources,
    static_resources: { listeners: [{ address: socket("127.18.0.2", 19_001) }] },
    typed_dns_resolver_config: {
      typed_config: { resolvers: [socket("127.18.0.1", 5353)] },
    },
  });
  const xds = local.static_resources.clusters.at(-1);
  expect(xds).toMatchObject({ name: "xds_cluster", type: "STATIC", connect_timeout: "10s" });
  expect(xds).not.toHaveProperty("transport_socket");
  expect(JSON.stringify(xds)).toContain('"pipe":{"path":"/pod/ads.sock"}');
});
