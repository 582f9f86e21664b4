import { FINISHED_LINE_FORMAT } from "../../program/finished-line.ts";
import { duration, extension, type JsonObject } from "./json.ts";

/** Cluster of the accounting server. */
export const ACCOUNTING_CLUSTER = "aigateway_accounting";
export const ACCOUNTING_LOG_NAME = "aigateway";

const FLUSH_MS = 200;
const BATCH_BYTES = 64 * 1024;

/**
 * Every finished request to the accounting server, off the request's path.
 */
export const accountingLog = (): JsonObject =>
  extension(
    "envoy.access_loggers.open_telemetry",
    "envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig",
    {
      common_config: {
        log_name: ACCOUNTING_LOG_NAME,
        transport_api_version: "V3",
        grpc_service: { envoy_grpc: { cluster_name: ACCOUNTING_CLUSTER } },
        buffer_flush_interval: duration(FLUSH_MS),
        buffer_size_bytes: BATCH_BYTES,
      },
      disable_builtin_labels: true,
      body: { string_value: FINISHED_LINE_FORMAT },
    },
  );
