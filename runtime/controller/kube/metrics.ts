import { createMeter } from "../../telemetry/telemetry.ts";
import type { Plan } from "../compile/plan.ts";

/** What a controller counts of itself; names follow controller-runtime's where it has the same. */
export interface ControllerMetrics {
  /** `compiled`: routes that were compiled anew. */
  reconciled(compileSeconds: number, seconds: number, plan: Plan, compiled: number): void;
  failed(step: string): void;
  wrote(kind: string, action: "apply" | "delete"): void;
  leading(leading: boolean): void;
  /** Called whenever metrics are read. */
  watchDepth(depth: () => number): void;
  hooked(hook: string, seconds: number, ok: boolean): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createControllerMetrics(): ControllerMetrics {
  const { meter, metrics } = createMeter();
  const histogram = (name: string, description: string) =>
    meter.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: SECONDS },
    });
  const compile = histogram("aigateway_controller_compile", "Time to compile the snapshot");
  const reconcile = histogram("aigateway_controller_reconcile", "Time of one reconcile");
  const hook = histogram("aigateway_extension_hook", "Time of one hook of Envoy Gateway");
  const failures = meter.createCounter("aigateway_controller_errors", {
    description: "Failed steps, each tried again",
  });
  const writes = meter.createCounter("aigateway_controller_writes", {
    description: "Objects written, by kind and action",
  });
  const routes = meter.createCounter("aigateway_controller_routes_compiled", {
    description: "Routes compiled, once for each of their Gateways; others are as before",
  });
  let size = { gateways: 0, rules: 0, backends: 0, problems: 0 };
  let lead = false;
  let depth = (): number => 0;
  meter
    .createObservableGauge("aigateway_controller_plan_size", {
      description: "What the plan in force holds",
    })
    .addCallback((result) => {
      for (const [part, count] of Object.entries(size)) result.observe(count, { part });
    });
  meter
    .createObservableGauge("aigateway_controller_leader", {
      description: "1 where this replica writes",
    })
    .addCallback((result) => result.observe(lead ? 1 : 0));
  meter
    .createObservableGauge("aigateway_controller_queue_depth", {
      description: "Writes that wait, run or will be tried again",
    })
    .addCallback((result) => result.observe(depth()));
  return {
    reconciled(compileSeconds, seconds, plan, compiled) {
      routes.add(compiled);
      compile.record(compileSeconds);
      reconcile.record(seconds);
      const rules = plan.gateways.flatMap((gateway) => gateway.rules);
      size = {
        gateways: plan.gateways.length,
        rules: rules.length,
        backends: rules.reduce((sum, rule) => sum + rule.backends.length, 0),
        problems: plan.problems.length,
      };
    },
    failed: (step) => failures.add(1, { step }),
    wrote: (kind, action) => writes.add(1, { kind, action }),
    leading(next) {
      lead = next;
    },
    watchDepth(next) {
      depth = next;
    },
    hooked: (name, seconds, ok) => hook.record(seconds, { hook: name, ok }),
    text: metrics,
  };
}
