import { homedir } from "node:os";
import path from "node:path";

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
  /** What to tell people about the time that it takes. */
  takes: string;
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

/** Where a built tool is kept, outside the checkout: the second run costs nothing. */
export function binaryOf(tool: Tool, env: NodeJS.ProcessEnv = process.env): string {
  const cache = env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), ".cache");
  return path.join(cache, "envoy-ai-gateway", tool.name, tool.version, tool.name);
}
