import { fromBinary } from "@bufbuild/protobuf";
import { ClusterSchema } from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import type { GatewayPlan } from "../compile/plan.ts";
import { ownClusters } from "./own-clusters.ts";
import { OPTIONS } from "./testdata/translated.ts";

const options = {
  ...OPTIONS,
  ownExtProc: (gateway: string) => ({ host: `own.${gateway.replace("/", ".")}`, port: 1063 }),
  sidecarSocket: "/run/ext-proc.sock",
};
const clustersOf = (places: Record<string, GatewayPlan["extProc"]>): string[] =>
  ownClusters(
    Object.keys(places),
    (gateway) => new Set([places[gateway] ?? "common"]),
    options,
  ).map((bytes) => {
    const { name, loadAssignment } = fromBinary(ClusterSchema, bytes);
    const [endpoint] = loadAssignment?.endpoints[0]?.lbEndpoints ?? [];
    const host = endpoint?.hostIdentifier;
    const at = host?.case === "endpoint" ? host.value.address?.address : undefined;
    const where = at?.case === "socketAddress" ? at.value.address : at?.value;
    return `${name} ${typeof where === "string" ? where : where && "path" in where ? where.path : "-"}`;
  });

const COMMON = "aigateway_ext_proc ai-eg-ext-proc.envoy-ai-gateway-system";
const ACCOUNTING = "aigateway_accounting ai-eg-ext-proc.envoy-ai-gateway-system";

test.each<[string, Record<string, GatewayPlan["extProc"]>, string[]]>([
  ["the common one", { "n/a": "common" }, []],
  ["one that starts", { "n/a": "starting" }, []],
  ["its own", { "n/a": "own" }, ["aigateway_ext_proc_own own.n.a"]],
  [
    "beside Envoy",
    { "n/a": "sidecar" },
    ["aigateway_ext_proc_socket /run/ext-proc.sock", "aigateway_ext_proc_sidecar -"],
  ],
  [
    "of two Gateways on one Envoy",
    { "n/a": "common", "n/b": "own", "n/c": "own" },
    ["aigateway_ext_proc_own own.n.b"],
  ],
])("%s", (_, places, others) =>
  expect(clustersOf(places)).toEqual([COMMON, ...others, ACCOUNTING]),
);
