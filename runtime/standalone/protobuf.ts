import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { ClusterSchema } from "../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { ClusterLoadAssignmentSchema } from "../../protos/gen/envoy/config/endpoint/v3/endpoint_pb.ts";
import { ListenerSchema } from "../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import { RouteConfigurationSchema } from "../../protos/gen/envoy/config/route/v3/route_pb.ts";
import { SecretSchema } from "../../protos/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.ts";
import { messageFromJson } from "../../protos/registry.ts";
import type { JsonObject } from "../controller/xds/json.ts";
import type { EnvoyResources } from "./assemble.ts";
import type { XdsSnapshot } from "./xds/resources.ts";

/** The resources as protobuf messages. @throws on a field that no message of ours has. */
export function toProtobuf(resources: EnvoyResources): XdsSnapshot {
  return {
    clusters: resources.clusters.map((json) => message(ClusterSchema, json)),
    endpoints: resources.endpoints.map((json) => message(ClusterLoadAssignmentSchema, json)),
    listeners: resources.listeners.map((json) => message(ListenerSchema, json)),
    routes: resources.routes.map((json) => message(RouteConfigurationSchema, json)),
    secrets: resources.secrets.map((json) => message(SecretSchema, json)),
  };
}

function message<Desc extends DescMessage>(schema: Desc, json: JsonObject): MessageShape<Desc> {
  try {
    return messageFromJson(schema, json);
  } catch (error) {
    const name = String(json.name ?? json.cluster_name);
    throw new Error(
      `${schema.typeName} "${name}": ${error instanceof Error ? error.message : error}`,
    );
  }
}
