import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { SIDECAR_SOCKET } from "../../../../runtime/manifests/names.ts";
import { startAdsProxy } from "../ads-proxy.ts";
import type { Command } from "./container.ts";
import { localEnvoyArguments } from "./envoy-arguments.ts";

/** A container as it is to be started here. */
export interface LaunchRequest {
  image: string;
  /** Command, if any, and arguments; paths below mount points are local already. */
  words: string[];
  hasCommand: boolean;
  env: Record<string, string>;
  /** A path of the container as it is here. */
  local: (path: string) => string;
  address: string;
  folder: string;
  log: (line: string) => void;
}

export interface Launch {
  /** Undefined for an image that only waits. */
  command: Command | undefined;
  close?: () => void;
}

/** Local programs that stand for images. */
export interface Programs {
  envoy: string;
  envoyGateway: string;
  rateLimit: string;
  redis: string;
  node: string;
  /** Scripts of our own image, by their names in it. */
  scripts: Readonly<Record<string, string>>;
  /** `host:port` of the name server. */
  nameServer: string;
  /** Where Envoy Gateway serves xDS now, `host:port`. */
  xdsServer: () => Promise<string>;
}

export interface Images {
  /** @throws where nothing stands for the image. */
  launch(request: LaunchRequest): Promise<Launch>;
}

/** An image whose command is run as it is; `node` is the Node of this process. */
export const PROCESS_IMAGE = "local/process";

export function createImages(programs: Programs): Images {
  const rules: [RegExp, (request: LaunchRequest) => Promise<Launch> | Launch][] = [
    [/(^|\/)envoyproxy\/envoy[:@]/, (request) => envoy(request, programs)],
    [/(^|\/)envoyproxy\/gateway(-dev)?[:@]/, (request) => envoyGateway(request, programs)],
    [/(^|\/)envoyproxy\/ratelimit[:@]/, (request) => rateLimit(request, programs)],
    [/(^|\/)redis([:@]|$)/, (request) => redis(request, programs)],
    [/(^|\/)envoy-ai-gateway[:@]/, (request) => ours(request, programs)],
    [new RegExp(`^${PROCESS_IMAGE}$`), (request) => asItIs(request, programs.node)],
  ];
  return {
    async launch(request) {
      const rule = rules.find(([pattern]) => pattern.test(request.image));
      if (rule === undefined) throw new Error(`image ${request.image}: no program stands for it`);
      return rule[1](request);
    },
  };
}

/** Environment of every process: nothing of this machine's but where programs are. */
const base = ({ env, folder }: LaunchRequest): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: folder,
  TMPDIR: folder,
  ...env,
});

const started = (request: LaunchRequest, file: string, args: string[], env = {}): Launch => ({
  command: { file, args, env: { ...base(request), ...env }, cwd: request.folder },
});

/** Our image: Node, with the script that the first argument names. */
function ours(request: LaunchRequest, programs: Programs): Launch {
  const [name = "", ...args] = request.words;
  const script = programs.scripts[name];
  if (script === undefined) throw new Error(`image ${request.image} has no script ${name}`);
  return started(request, programs.node, ["--no-warnings", script, ...args]);
}

function asItIs(request: LaunchRequest, node: string): Launch {
  const [name = "", ...args] = request.words;
  return started(request, name === "node" ? node : name, args);
}

function redis(request: LaunchRequest, { redis: file }: Programs): Launch {
  const args = request.hasCommand ? request.words.slice(1) : request.words;
  const own = ["--bind", request.address, "--protected-mode", "no", "--save", ""];
  return started(request, file, [...own, ...args]);
}

/** Variables by which the edited builds of `kube/relocatable.ts` are told where they are. */
const located = ({ address, folder, local }: LaunchRequest, nameServer: string) => ({
  LISTEN_HOST: address,
  STATE_DIR: folder,
  CERTS_DIR: local("/certs"),
  NAME_SERVER: nameServer,
});

const envoyGateway = (request: LaunchRequest, programs: Programs): Launch => {
  const args = request.hasCommand ? request.words.slice(1) : request.words;
  return started(request, programs.envoyGateway, args, located(request, programs.nameServer));
};

const rateLimit = (request: LaunchRequest, programs: Programs): Launch =>
  started(
    request,
    programs.rateLimit,
    request.hasCommand ? request.words.slice(1) : request.words,
    {
      ...located(request, programs.nameServer),
      HOST: request.address,
      GRPC_HOST: request.address,
      DEBUG_HOST: request.address,
      PROMETHEUS_ADDR: `${request.address}:19001`,
    },
  );

async function envoy(request: LaunchRequest, programs: Programs): Promise<Launch> {
  const words = request.hasCommand ? request.words.slice(1) : request.words;
  const socket = path.join(request.folder, "ads.sock");
  const certificates = request.local("/certs");
  const proxy = await startAdsProxy({
    socket,
    target: programs.xdsServer,
    certificates,
    address: request.address,
    refused: request.log,
  });
  const args = localEnvoyArguments(words, {
    address: request.address,
    xdsSocket: socket,
    nameServer: programs.nameServer,
  });
  // Paths in what Envoy Gateway sends are below the working folder.
  await symlink(certificates, path.join(request.folder, "certs"));
  const socketFolder = path.dirname(SIDECAR_SOCKET);
  if (request.local(socketFolder) !== socketFolder) {
    const link = path.join(request.folder, socketFolder);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(request.local(socketFolder), link);
  }
  return { ...started(request, programs.envoy, args), close: proxy.close };
}
