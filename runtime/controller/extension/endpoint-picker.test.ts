import { gateway, pool, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import { TranslationEditor } from "./editor.ts";
import { mark } from "./filter-names.ts";
import {
  cluster,
  NOT_FOUND,
  OPTIONS,
  type Shown,
  show,
  translation,
} from "./testdata/translated.ts";

const RULE = "httproute/default/r/rule/0";
const FILTER = "envoy.filters.http.ext_proc/endpointpicker/llm_default_ext_proc";
const PICKER = "envoy.clusters.endpointpicker_llm_default_ext_proc";
const REF = "{group: inference.networking.k8s.io, kind: InferencePool, name: llm}";

function edited(poolText = pool("llm"), ...more: string[]) {
  const rules = `[{matches: [{headers: [{name: x-ai-eg-model, value: m}]}], backendRefs: [${REF}]}]`;
  const pod = {
    name: "ai-eg-pool-llm",
    host: "10.0.0.1",
    port: 8000,
    position: 0,
    kind: "Service",
  };
  const input = translation({
    clusters: [cluster(RULE, [pod as never])],
    routes: [
      { name: `${RULE}/match/0/*`, model: "m" },
      { name: "httproute/default/r/rule/1/match/0/*", action: NOT_FOUND },
    ],
  });
  const plan = compile(snapshot(gateway, poolText, route(rules), ...more));
  return show(new TranslationEditor(OPTIONS).edit(input, [plan]).output);
}

const named = (all: readonly Shown[], name: string): Shown | undefined =>
  all.find((each) => (each.name as unknown) === name);

test("requests of a pool's rule pass its picker, and go where that says, within the pool", () => {
  const { clusters, routes, listeners } = edited();
  const [policy] = (named(clusters, RULE)?.load_balancing_policy?.policies ??
    []) as never as Shown[];
  expect(policy?.typed_extension_config?.typed_config).toMatchObject({
    override_host_sources: [{ header: "x-gateway-destination-endpoint" }],
    fallback_policy: { policies: [{}] },
  });
  const [first] = routes;
  expect(Object.keys(first?.typed_per_filter_config ?? {})).toContain(FILTER);
  const rule = named(routes, `${RULE}/match/0/*`);
  expect(JSON.stringify(rule?.metadata)).toContain(mark(FILTER));
  const text = JSON.stringify(listeners);
  expect(text).toContain(FILTER);
  // Clients name no pod.
  expect(text).toContain('"remove":"x-gateway-destination-endpoint"');
});

test("pods serve on every port of the pool", () => {
  const { clusters } = edited(pool("llm", "[{number: 8000}, {number: 8001}]"));
  const [locality] = (named(clusters, RULE)?.load_assignment?.endpoints ?? []) as never as Shown[];
  expect(locality?.lb_endpoints).toMatchObject(
    [8000, 8001].map((port_value) => ({
      endpoint: { address: { socket_address: { address: "10.0.0.1", port_value } } },
      metadata: { filter_metadata: { "aigateway.envoyproxy.io": {} } },
    })),
  );
});

test("a picker speaks TLS, unless its Service says otherwise", () => {
  const service = `
kind: Service
metadata: {name: picker, namespace: default}
spec: {ports: [{port: 9002, appProtocol: kubernetes.io/h2c}]}
`;
  const socket = (...more: string[]): unknown =>
    named(edited(pool("llm"), ...more).clusters, PICKER)?.transport_socket;
  expect(socket()).toMatchObject({ name: "envoy.transport_sockets.tls" });
  expect(socket(service)).toBeUndefined();
});

test("a picker that requests may do without is watched, and others are not", () => {
  const of = (mode: string) => {
    const { clusters, listeners } = edited(pool("llm", "[{number: 8000}]", mode));
    return [
      named(clusters, PICKER)?.health_checks !== undefined,
      JSON.stringify(listeners).includes('"failure_mode_allow":true'),
    ];
  };
  expect(of("FailOpen")).toEqual([true, true]);
  expect(of("FailClose")).toEqual([false, false]);
});
