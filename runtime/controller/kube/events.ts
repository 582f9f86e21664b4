import type { KubeHttp } from "./http.ts";

export interface EventInput {
  /** What it is about. */
  regarding: { apiVersion: string; kind: string; namespace: string; name: string };
  type: "Normal" | "Warning";
  /** CamelCase. */
  reason: string;
  /** CamelCase: what the controller did or tried. */
  action: string;
  /** For people; never holds a secret. */
  note: string;
}

/** Writes Events; what fails is dropped, since status tells the same. */
export interface EventRecorder {
  record(event: EventInput): void;
}

const MAX_NOTE = 1024;
/** The same again within this time tells nobody anything new. */
const SILENCE_MS = 10 * 60_000;
/** Events in flight or per object and minute: a flood helps nobody either. */
const MAX_PER_MINUTE = 60;
const MAX_REMEMBERED = 10_000;

export function createEventRecorder(
  http: KubeHttp,
  identity: string,
  failed: (error: Error) => void,
  now: () => number = Date.now,
): EventRecorder {
  const told = new Map<string, number>();
  let minute = 0;
  let count = 0;
  return {
    record({ regarding, type, reason, action, note }) {
      const time = now();
      const id = JSON.stringify([regarding, type, reason, note]);
      if (time - (told.get(id) ?? Number.NEGATIVE_INFINITY) < SILENCE_MS) return;
      const current = Math.floor(time / 60_000);
      if (current !== minute) {
        minute = current;
        count = 0;
      }
      count += 1;
      if (count > MAX_PER_MINUTE) return;
      if (told.size >= MAX_REMEMBERED) told.clear();
      told.set(id, time);
      http
        .json({
          method: "POST",
          path: `/apis/events.k8s.io/v1/namespaces/${regarding.namespace}/events`,
          body: {
            apiVersion: "events.k8s.io/v1",
            kind: "Event",
            metadata: {
              generateName: `${regarding.name.slice(0, 200)}-`,
              namespace: regarding.namespace,
            },
            eventTime: new Date(time).toISOString().replace("Z", "000Z"),
            reportingController: "aigateway.envoyproxy.io/controller",
            reportingInstance: identity.slice(0, 128),
            regarding,
            type,
            reason,
            action,
            note: note.slice(0, MAX_NOTE),
          },
        })
        .catch((error: unknown) =>
          failed(error instanceof Error ? error : new Error(String(error))),
        );
    },
  };
}
