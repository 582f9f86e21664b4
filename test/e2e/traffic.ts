/** Requests that go on while something else happens, each judged: nothing but a whole answer counts. */
import { setTimeout as sleep } from "node:timers/promises";

/** One kind of request, sent again and again. */
export interface TrafficKind {
  name: string;
  model: string;
  stream?: boolean;
  /** Of the prompt; stand-ins are told by it how to answer. */
  content?: string;
}

export interface FailedRequest {
  kind: string;
  /** Milliseconds of `performance.now()`. */
  from: number;
  to: number;
  what: string;
}

export interface Traffic {
  /**
   * What failed and what was answered, by kind, while `step` ran and until the requests that were
   * under way at its end were over.
   */
  during<T>(step: () => Promise<T>): Promise<TrafficReport & { result: T }>;
  stop(): Promise<void>;
}

export interface TrafficReport {
  failed: FailedRequest[];
  answered: Record<string, number>;
}

const PAUSE_MS = 25;
const GIVE_UP_MS = 30_000;

/** Sends each kind one request after the other to a Gateway at `url`. */
export function startTraffic(url: string, kinds: readonly TrafficKind[]): Traffic {
  const failed: FailedRequest[] = [];
  const answered = new Map<string, number>();
  const current = new Map<string, Promise<void>>();
  let going = true;
  const once = async (kind: TrafficKind): Promise<void> => {
    const from = performance.now();
    const what = await ask(url, kind);
    if (what === undefined) answered.set(kind.name, (answered.get(kind.name) ?? 0) + 1);
    else failed.push({ kind: kind.name, from, to: performance.now(), what });
  };
  const running = kinds.map(async (kind) => {
    while (going) {
      const request = once(kind);
      current.set(kind.name, request);
      await request;
      await sleep(PAUSE_MS);
    }
  });
  return {
    async during(step) {
      const before = { failed: failed.length, answered: new Map(answered) };
      const result = await step();
      await Promise.all(kinds.map(({ name }) => current.get(name)));
      return {
        result,
        failed: failed.slice(before.failed),
        answered: Object.fromEntries(
          kinds.map(({ name }) => [
            name,
            (answered.get(name) ?? 0) - (before.answered.get(name) ?? 0),
          ]),
        ),
      };
    },
    async stop() {
      going = false;
      await Promise.all(running);
    },
  };
}

/** What is wrong with the answer to one request; undefined where it is whole. */
export async function ask(
  url: string,
  kind: Omit<TrafficKind, "name">,
): Promise<string | undefined> {
  const { model, stream = false, content = "hello" } = kind;
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, stream, messages: [{ role: "user", content }] }),
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    const text = await response.text();
    const whole = stream ? /data: \[DONE\]\s*$/.test(text) : text.includes('"choices"');
    return response.status === 200 && whole ? undefined : `${response.status} ${text.slice(-500)}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return `${message} ${(cause as Error | undefined)?.message ?? ""}`;
  }
}
