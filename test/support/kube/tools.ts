import { homedir } from "node:os";
import path from "node:path";
import { ENVOY_GATEWAY_EDITS, RATE_LIMIT_EDITS } from "./relocatable.ts";

/** A program that is built from its Go module. */
export interface Tool {
  name: string;
  version: string;
  /** Module and package that hold it. */
  module: string;
  package: string;
  /** Tag of the module. */
  tag: string;
  /** Value for `-ldflags`. */
  ldflags: string;
  /** Modules that it replaces by folders of its own repository, and their published tag. */
  replaced?: { prefix: string; tag: string };
  /** Changes to its sources, for programs that would else share addresses with each other. */
  edits?: readonly SourceEdit[];
  /** What to tell people about the time that it takes. */
  takes: string;
}

/** A text of one source file and what stands there instead; without `from` the whole file is new. */
export interface SourceEdit {
  file: string;
  from?: string;
  to: string;
}

export const etcd: Tool = {
  name: "etcd",
  version: "3.7.3",
  module: "go.etcd.io/etcd/server/v3",
  package: "go.etcd.io/etcd/server/v3",
  tag: "v3.7.3",
  ldflags: "-s -w",
  takes: "about half a minute on 2 cores",
};

const VERSION_PACKAGE = "k8s.io/component-base/version";

export const kubeApiserver: Tool = {
  name: "kube-apiserver",
  version: "1.37.2",
  module: "k8s.io/kubernetes",
  package: "k8s.io/kubernetes/cmd/kube-apiserver",
  tag: "v1.37.2",
  ldflags: `-s -w -X ${VERSION_PACKAGE}.gitVersion=v1.37.2 -X ${VERSION_PACKAGE}.gitMajor=1 -X ${VERSION_PACKAGE}.gitMinor=37`,
  replaced: { prefix: "k8s.io/", tag: "v0.37.2" },
  takes: "5 to 8 minutes on 2 cores",
};

export const kubeControllerManager: Tool = {
  ...kubeApiserver,
  name: "kube-controller-manager",
  package: "k8s.io/kubernetes/cmd/kube-controller-manager",
  takes: "2 to 4 minutes on 2 cores",
};

/** As published, apart from where it listens and where its files are (`relocatable.ts`). */
export const envoyGateway: Tool = {
  name: "envoy-gateway",
  version: "1.9.0-relocatable.4",
  module: "github.com/envoyproxy/gateway",
  package: "github.com/envoyproxy/gateway/cmd/envoy-gateway",
  tag: "v1.9.0",
  ldflags: "-s -w -X github.com/envoyproxy/gateway/internal/cmd/version.envoyGatewayVersion=v1.9.0",
  edits: ENVOY_GATEWAY_EDITS,
  takes: "4 to 7 minutes on 2 cores",
};

export const rateLimit: Tool = {
  name: "ratelimit",
  version: "1.4.1-0.20260122083618-3fb702589d36-relocatable.1",
  module: "github.com/envoyproxy/ratelimit",
  package: "github.com/envoyproxy/ratelimit/src/service_cmd",
  tag: "v1.4.1-0.20260122083618-3fb702589d36",
  ldflags: "-s -w",
  edits: RATE_LIMIT_EDITS,
  takes: "about a minute on 2 cores",
};

const PULUMI_VERSION = "3.259.0";

export const pulumi: Tool = {
  name: "pulumi",
  version: PULUMI_VERSION,
  module: "github.com/pulumi/pulumi/pkg/v3",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  tag: `v${PULUMI_VERSION}`,
  // Without its version the Automation API refuses the binary.
  ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`,
  takes: "4 to 6 minutes on 2 cores",
};

const HELM_VERSION = "3.22.0";

export const helm: Tool = {
  name: "helm",
  version: HELM_VERSION,
  module: "helm.sh/helm/v3",
  package: "helm.sh/helm/v3/cmd/helm",
  tag: `v${HELM_VERSION}`,
  ldflags: `-s -w -X helm.sh/helm/v3/internal/version.version=v${HELM_VERSION}`,
  takes: "1 to 3 minutes on 2 cores",
};

/** Where a built tool is kept, outside the checkout: the second run costs nothing. */
export function binaryOf(tool: Tool, env: NodeJS.ProcessEnv = process.env): string {
  const cache = env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), ".cache");
  return path.join(cache, "envoy-ai-gateway", tool.name, tool.version, tool.name);
}
