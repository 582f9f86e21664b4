import type { KubeObject } from "../../kube/client.ts";
import { toApi } from "../addresses.ts";
import type { ContainerState } from "./container.ts";
import { type Container, isSidecar, type Pod } from "./pod.ts";

export interface PodFacts {
  address: string;
  node: string;
  /** Why its containers do not start yet, if they do not. */
  waiting?: string;
  states: ReadonlyMap<string, ContainerState>;
}

interface Condition {
  type: string;
  status: "True" | "False";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** A Pod's status by what its processes do; times of conditions that did not change are kept. */
export function statusOf(pod: Pod, facts: PodFacts, now: string): KubeObject["status"] {
  const { containers, initContainers = [] } = pod.spec;
  const states = (list: Container[]) => list.map(({ name }) => facts.states.get(name));
  const initialized = states(initContainers).every(
    (state, i) =>
      state !== undefined &&
      (isSidecar(initContainers[i] as Container) ? state.started : state.exit?.code === 0),
  );
  const lasting = [...containers, ...initContainers.filter(isSidecar)];
  const ready = initialized && states(lasting).every((state) => state?.ready === true);
  const condition = (type: string, good: boolean, message?: string): Condition => ({
    type,
    status: good ? "True" : "False",
    ...(message !== undefined && !good && { reason: "ContainerCreating", message }),
  });
  const conditions = [
    condition("PodScheduled", true),
    condition("Initialized", initialized),
    condition("ContainersReady", ready, facts.waiting),
    condition("Ready", ready, facts.waiting),
  ].map((each) => withTime(each, pod, now));
  return {
    phase: phaseOf(pod, states(containers), initialized),
    podIP: toApi(facts.address),
    podIPs: [{ ip: toApi(facts.address) }],
    hostIP: toApi(facts.node),
    hostIPs: [{ ip: toApi(facts.node) }],
    startTime: (pod.status as { startTime?: string } | undefined)?.startTime ?? now,
    conditions,
    containerStatuses: containers.map((each) => containerStatus(each, facts)),
    initContainerStatuses: initContainers.map((each) => containerStatus(each, facts)),
  };
}

function withTime(condition: Condition, pod: Pod, now: string): Condition {
  const { conditions = [] } = (pod.status ?? {}) as { conditions?: Condition[] };
  const before = conditions.find(({ type }) => type === condition.type);
  const same = before?.status === condition.status;
  return {
    ...condition,
    lastTransitionTime: (same ? before.lastTransitionTime : undefined) ?? now,
  };
}

function phaseOf(
  pod: Pod,
  states: (ContainerState | undefined)[],
  initialized: boolean,
): "Pending" | "Running" | "Succeeded" | "Failed" {
  const { restartPolicy = "Always" } = pod.spec;
  const over = (state: ContainerState | undefined): boolean =>
    state?.exit !== undefined &&
    !state.running &&
    (restartPolicy === "Never" || (restartPolicy === "OnFailure" && state.exit.code === 0));
  if (states.every(over)) {
    return states.every((state) => state?.exit?.code === 0) ? "Succeeded" : "Failed";
  }
  return initialized && states.some((state) => state !== undefined) ? "Running" : "Pending";
}

function containerStatus({ name, image }: Container, { states, waiting }: PodFacts) {
  const state = states.get(name);
  const ended = state?.exit && {
    terminated: {
      exitCode: state.exit.code,
      finishedAt: state.exit.at,
      reason: state.exit.code === 0 ? "Completed" : "Error",
    },
  };
  const current = state?.running
    ? { running: { startedAt: state.startedAt } }
    : state?.exit && state.waiting === undefined
      ? ended
      : { waiting: { reason: state?.waiting ?? "ContainerCreating", message: waiting ?? "" } };
  return {
    name,
    image,
    imageID: "",
    ready: state?.ready ?? false,
    started: state?.started ?? false,
    restartCount: state?.restarts ?? 0,
    state: current,
    ...(ended && state?.running && { lastState: ended }),
  };
}
