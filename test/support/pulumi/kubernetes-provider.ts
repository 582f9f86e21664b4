/**
 * Plays Pulumi's Kubernetes provider, where the real plugin is not installed: objects by server-side
 * apply, with a dry run in preview, drift by refresh, and deletes that are waited for; releases of charts
 * by Helm itself. It awaits nothing but definitions, releases and what `pulumi.com/waitFor` says, and takes
 * over every field that it applies.
 */
import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { KubeClient, KubeError, type KubeObject } from "../kube/client.ts";
import {
  installRelease,
  isRelease,
  type ReleaseInputs,
  releaseExists,
  uninstallRelease,
} from "./helm-release.ts";
import { changedFields, projected, UNKNOWN } from "./kubernetes-state.ts";

const POLL_MS = 50;
const WITHIN_MS = 60_000;
/** As in the provider that is played: a namespace goes when the Pods in it have had half of their grace. */
const REMOVED_WITHIN_MS = 600_000;
/** For what has to start first. The provider that is played waits for ten minutes. */
const READY_WITHIN_MS = 180_000;
const OWNER = "pulumi";
/** Of the provider that is played. */
const VERSION = "4.34.2";

type Call<Request> = grpc.ServerUnaryCall<Request, never>;
type Reply<Response> = (error: Partial<grpc.StatusObject> | null, response?: Response) => void;
type Inputs = KubeObject;

let client: Promise<KubeClient> | undefined;
/** The cluster of the provider's `kubeconfig`, or of the environment's. */
let kubeconfig = process.env.KUBECONFIG ?? "";
const cluster = (): Promise<KubeClient> => {
  client ??= KubeClient.fromFile(kubeconfig);
  return client;
};

const releaseOf = (inputs: Inputs): ReleaseInputs => inputs as unknown as ReleaseInputs;
const plain = (message: struct.Struct | undefined): Inputs =>
  (message?.toJavaScript() ?? {}) as unknown as Inputs;
const message = (value: object): struct.Struct =>
  struct.Struct.fromJavaScript(value as { [field: string]: struct.JavaScriptValue });

/** Turns an asynchronous function into a handler; what it throws is told as the provider's error. */
const handler =
  <Request, Response>(run: (request: Request) => Promise<Response>) =>
  (call: Call<Request>, reply: Reply<Response>): void => {
    run(call.request).then(
      (response) => reply(null, response),
      (error: Error) => reply({ code: grpc.status.UNKNOWN, details: error.message }),
    );
  };

const hasUnknown = (value: unknown): boolean => JSON.stringify(value).includes(UNKNOWN);

async function apply(inputs: Inputs, dryRun: boolean): Promise<KubeObject> {
  const kube = await cluster();
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      const { object } = await kube.apply(inputs, { dryRun, owner: OWNER });
      return dryRun ? object : await ready(inputs, object);
    } catch (error) {
      const early = notServedYet(error);
      // Preview goes before namespaces and definitions of the same program.
      if (early && dryRun) return inputs;
      if (!early || performance.now() > deadline) throw error;
      await pause();
    }
  }
}

const notServedYet = (error: unknown): boolean =>
  error instanceof KubeError
    ? error.status.code === 404
    : /does not serve kind/.test((error as Error).message);

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS));

/** The condition that the annotation `pulumi.com/waitFor` names (of its forms, `condition=<type>` alone). */
function awaitedCondition({ kind, metadata }: Inputs): string | undefined {
  if (kind === "CustomResourceDefinition") return "Established";
  const { annotations = {} } = metadata as { annotations?: Record<string, string> };
  const wanted = annotations["pulumi.com/waitFor"];
  return wanted?.replace(/^condition=/, "");
}

/** Waits until the condition is true of what was applied, not of what was there before. */
async function ready(inputs: Inputs, applied: KubeObject): Promise<KubeObject> {
  const type = awaitedCondition(inputs);
  if (type === undefined) return applied;
  const kube = await cluster();
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const current = await kube.get(applied);
    // Definitions that are new say null.
    const { conditions } = (current.status ?? {}) as {
      conditions?: { type: string; status: string; observedGeneration?: number }[] | null;
    };
    const { generation = 0 } = current.metadata as { generation?: number };
    const met = conditions?.some(
      (condition) =>
        condition.type === type &&
        condition.status === "True" &&
        (condition.observedGeneration ?? generation) >= generation,
    );
    if (met) return current;
    if (performance.now() > deadline) {
      throw new Error(
        `${inputs.kind} ${inputs.metadata.name} is not ${type} after ${READY_WITHIN_MS} ms`,
      );
    }
    await pause();
  }
}

async function remove(inputs: Inputs): Promise<void> {
  const kube = await cluster();
  await kube.delete(inputs).catch(ignoreAbsent);
  const deadline = performance.now() + REMOVED_WITHIN_MS;
  for (;;) {
    const left = await kube.get(inputs).catch(ignoreAbsent);
    if (left === undefined) return;
    if (performance.now() > deadline) {
      // Namespaces say there what they still hold.
      const { finalizers } = left.metadata;
      const why = JSON.stringify({ finalizers, status: left.status });
      throw new Error(
        `${inputs.kind} ${inputs.metadata.name} is still there after ${REMOVED_WITHIN_MS} ms: ${why}`,
      );
    }
    await pause();
  }
}

function ignoreAbsent(error: unknown): undefined {
  if (!notServedYet(error)) throw error;
  return undefined;
}

/** What the engine keeps: the inputs, and what the API server says besides, without who wrote it. */
const stateOf = (inputs: Inputs, live: KubeObject): object => {
  const { managedFields: _, ...metadata } = live.metadata;
  return { ...inputs, metadata, ...(live.status === undefined ? {} : { status: live.status }) };
};

const idOf = ({ metadata: { namespace, name } }: Inputs): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

const service: grpc.UntypedServiceImplementation = {
  checkConfig: handler(async (request: provider.CheckRequest) => {
    const response = new provider.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }),
  diffConfig: handler(async () => new provider.DiffResponse()),
  configure: handler(async (request: provider.ConfigureRequest) => {
    const given = request.getArgs()?.toJavaScript().kubeconfig;
    if (typeof given === "string" && given !== "") kubeconfig = given;
    const response = new provider.ConfigureResponse();
    response.setSupportspreview(true);
    return response;
  }),
  getPluginInfo: handler(async () => {
    const response = new plugin.PluginInfo();
    response.setVersion(VERSION);
    return response;
  }),
  check: handler(async (request: provider.CheckRequest) => {
    const response = new provider.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }),
  diff: handler(async (request: provider.DiffRequest) => {
    const changed = changedFields(plain(request.getOldInputs()), plain(request.getNews()));
    const response = new provider.DiffResponse();
    response.setDiffsList(changed.fields);
    response.setReplacesList(changed.replaces);
    response.setDeletebeforereplace(changed.replaces.length > 0);
    response.setChanges(
      changed.fields.length > 0
        ? provider.DiffResponse.DiffChanges.DIFF_SOME
        : provider.DiffResponse.DiffChanges.DIFF_NONE,
    );
    return response;
  }),
  create: handler(async (request: provider.CreateRequest) => {
    const inputs = plain(request.getProperties());
    const response = new provider.CreateResponse();
    const preview = request.getPreview();
    if (isRelease(request.getUrn())) {
      response.setProperties(message(inputs));
      if (preview) return response;
      const release = releaseOf(inputs);
      await installRelease(release, kubeconfig);
      response.setId(`${release.namespace}/${release.name}`);
      return response;
    }
    if (preview && hasUnknown(inputs)) {
      response.setProperties(message(inputs));
      return response;
    }
    const live = await apply(inputs, preview);
    if (!preview) response.setId(idOf(inputs));
    response.setProperties(message(stateOf(inputs, live)));
    return response;
  }),
  update: handler(async (request: provider.UpdateRequest) => {
    const inputs = plain(request.getNews());
    const preview = request.getPreview();
    const response = new provider.UpdateResponse();
    if (isRelease(request.getUrn())) {
      if (!preview) await installRelease(releaseOf(inputs), kubeconfig);
      response.setProperties(message(inputs));
      return response;
    }
    const live = preview && hasUnknown(inputs) ? inputs : await apply(inputs, preview);
    response.setProperties(message(stateOf(inputs, live)));
    return response;
  }),
  read: handler(async (request: provider.ReadRequest) => {
    const inputs = plain(request.getInputs() ?? request.getProperties());
    const response = new provider.ReadResponse();
    if (isRelease(request.getUrn())) {
      if (!(await releaseExists(releaseOf(inputs), kubeconfig))) return response;
      response.setId(request.getId());
      response.setInputs(message(inputs));
      response.setProperties(message(inputs));
      return response;
    }
    const live = await (await cluster()).get(inputs).catch(ignoreAbsent);
    if (live === undefined) return response;
    const seen = projected(inputs, live) as Inputs;
    response.setId(request.getId());
    response.setInputs(message(seen));
    response.setProperties(message(stateOf(seen, live)));
    return response;
  }),
  delete: handler(async (request: provider.DeleteRequest) => {
    const inputs = plain(request.getProperties());
    if (isRelease(request.getUrn())) await uninstallRelease(releaseOf(inputs), kubeconfig);
    else await remove(inputs);
    return new empty.Empty();
  }),
  cancel: handler(async () => new empty.Empty()),
  attach: handler(async () => new empty.Empty()),
};

const server = new grpc.Server({
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
});
server.addService(
  providerGrpc.ResourceProviderService as unknown as grpc.ServiceDefinition,
  service,
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // The engine reads the port as the first line.
  process.stdout.write(`${port}\n`);
});
