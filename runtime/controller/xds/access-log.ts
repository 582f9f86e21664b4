import {
  ENDPOINT_HEADER,
  ENDPOINT_METADATA_NAMESPACE,
  LANE_HEADER,
  MODEL_HEADER,
} from "../../program/names.ts";
import { duration, extension, type JsonObject } from "./json.ts";

/** Cluster of the accounting server. */
export const ACCOUNTING_CLUSTER = "aigateway_accounting";
export const ACCOUNTING_LOG_NAME = "aigateway";

const FLUSH_MS = 200;
const BATCH_BYTES = 64 * 1024;

/** From the host of the last attempt: who answered. */
const hostTag = (key: string): JsonObject => ({
  tag: key,
  metadata: {
    kind: { host: {} },
    metadata_key: { key: ENDPOINT_METADATA_NAMESPACE, path: [{ key }] },
  },
});

/** Every finished request, with its metadata, to the accounting server; off the request's path. */
export const accountingLog = (): JsonObject =>
  extension(
    "envoy.access_loggers.http_grpc",
    "envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig",
    {
      common_config: {
        log_name: ACCOUNTING_LOG_NAME,
        transport_api_version: "V3",
        grpc_service: { envoy_grpc: { cluster_name: ACCOUNTING_CLUSTER } },
        buffer_flush_interval: duration(FLUSH_MS),
        buffer_size_bytes: BATCH_BYTES,
        // No more than the accounting server reads: tags are built and sent for every request.
        custom_tags: [hostTag("provider"), hostTag("model_name_override")],
      },
      additional_request_headers_to_log: [MODEL_HEADER, ENDPOINT_HEADER, LANE_HEADER],
      additional_response_headers_to_log: ["content-type"],
    },
  );
