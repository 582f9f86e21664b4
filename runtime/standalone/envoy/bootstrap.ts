/** What Envoy starts with: an admin interface, and the ADS server that tells it everything else. */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type Bootstrap,
  BootstrapSchema,
} from "../../../protos/gen/envoy/config/bootstrap/v3/bootstrap_pb.ts";
import {
  Cluster_DiscoveryType,
  type ClusterSchema,
} from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import type { AddressSchema } from "../../../protos/gen/envoy/config/core/v3/address_pb.ts";
import {
  ApiConfigSource_ApiType,
  ApiVersion,
} from "../../../protos/gen/envoy/config/core/v3/config_source_pb.ts";
import { DownstreamConnectionsConfigSchema } from "../../../protos/gen/envoy/extensions/resource_monitors/downstream_connections/v3/downstream_connections_pb.ts";
import { HttpProtocolOptionsSchema } from "../../../protos/gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.ts";
import { packAny } from "../../../protos/registry.ts";

/** A Unix socket, or a TCP port of this machine. */
export type LocalAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number };

export interface BootstrapOptions {
  readonly nodeId: string;
  readonly admin: LocalAddress;
  readonly xds: LocalAddress;
  /** Client connections above which Envoy accepts no more. */
  readonly maxDownstreamConnections: number;
}

const XDS_CLUSTER = "xds";
const XDS_RECONNECT = { baseMs: 50, maxMs: 1_000 };

export function makeBootstrap(options: BootstrapOptions): Bootstrap {
  const ads = {
    configSourceSpecifier: { case: "ads" as const, value: {} },
    resourceApiVersion: ApiVersion.V3,
  };
  return create(BootstrapSchema, {
    node: { id: options.nodeId, cluster: "aigw" },
    admin: { address: addressOf(options.admin) },
    dynamicResources: {
      adsConfig: {
        apiType: ApiConfigSource_ApiType.GRPC,
        transportApiVersion: ApiVersion.V3,
        setNodeOnFirstMessageOnly: true,
        grpcServices: [{ targetSpecifier: { case: "envoyGrpc", value: xdsService() } }],
      },
      cdsConfig: ads,
      ldsConfig: ads,
    },
    staticResources: { clusters: [xdsCluster(options.xds)] },
    overloadManager: {
      resourceMonitors: [
        {
          name: "envoy.resource_monitors.global_downstream_max_connections",
          configType: {
            case: "typedConfig",
            value: packAny(DownstreamConnectionsConfigSchema, {
              maxActiveDownstreamConnections: BigInt(options.maxDownstreamConnections),
            }),
          },
        },
      ],
    },
  });
}

/** Envoy's own pace of reconnecting (up to half a minute) would delay changes after a restart of ours. */
function xdsService() {
  return {
    clusterName: XDS_CLUSTER,
    retryPolicy: {
      retryBackOff: {
        baseInterval: milliseconds(XDS_RECONNECT.baseMs),
        maxInterval: milliseconds(XDS_RECONNECT.maxMs),
      },
    },
  };
}

function xdsCluster(address: LocalAddress): MessageInitShape<typeof ClusterSchema> {
  return {
    name: XDS_CLUSTER,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
    connectTimeout: milliseconds(1_000),
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": packAny(HttpProtocolOptionsSchema, {
        upstreamProtocolOptions: {
          case: "explicitHttpConfig",
          value: { protocolConfig: { case: "http2ProtocolOptions", value: {} } },
        },
      }),
    },
    loadAssignment: {
      clusterName: XDS_CLUSTER,
      endpoints: [
        {
          lbEndpoints: [
            { hostIdentifier: { case: "endpoint", value: { address: addressOf(address) } } },
          ],
        },
      ],
    },
  };
}

function addressOf(address: LocalAddress): MessageInitShape<typeof AddressSchema> {
  return "path" in address
    ? { address: { case: "pipe", value: { path: address.path, mode: 0o600 } } }
    : {
        address: {
          case: "socketAddress",
          value: {
            address: address.host,
            portSpecifier: { case: "portValue", value: address.port },
          },
        },
      };
}

const milliseconds = (ms: number) => ({
  seconds: BigInt(Math.trunc(ms / 1_000)),
  nanos: (ms % 1_000) * 1_000_000,
});
