import type { Meter } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { Recorder } from "./finished-request.ts";
import { createRecorder } from "./instruments.ts";

export interface Telemetry {
  /** Told of every request that finished. */
  readonly recorder: Recorder;
  /** Everything recorded since the start, in the text format of Prometheus. */
  metrics(): Promise<string>;
}

/** Scope of every metric; queries of existing dashboards may name it. */
const SCOPE = "envoyproxy/ai-gateway";

/** Metrics of requests, for one process; nothing listens. */
export function createTelemetry(): Telemetry {
  const { meter, metrics } = createMeter();
  return { recorder: createRecorder(meter), metrics };
}

/** A place to record metrics, and all that was recorded in the text format of Prometheus. */
export function createMeter(): { meter: Meter; metrics(): Promise<string> } {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const withoutTargetInfo = true;
  const serializer = new PrometheusSerializer(undefined, false, undefined, withoutTargetInfo);
  return {
    meter: provider.getMeter(SCOPE),
    async metrics() {
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw new AggregateError(errors, "metrics could not be collected");
      return serializer.serialize(withUnitSuffixes(resourceMetrics));
    },
  };
}

/**
 * Prometheus wants seconds in the names of metrics. The serializer leaves that to its caller, where
 * OpenTelemetry's own for Go, whose names dashboards know, does it.
 */
function withUnitSuffixes(metrics: ResourceMetrics): ResourceMetrics {
  return {
    ...metrics,
    scopeMetrics: metrics.scopeMetrics.map((scope) => ({
      ...scope,
      metrics: scope.metrics.map((metric) =>
        metric.descriptor.unit === "s"
          ? {
              ...metric,
              descriptor: {
                ...metric.descriptor,
                name: `${metric.descriptor.name}_seconds`,
                unit: "seconds",
              },
            }
          : metric,
      ),
    })),
  };
}
