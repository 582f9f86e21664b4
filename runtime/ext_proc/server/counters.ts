import type { SessionObserver } from "../session/observer.ts";

/** Where a line about something unusual goes. */
export interface SessionLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Totals since the process began, by name and label: `requests_refused{status="413"}`. */
export type CounterValues = Record<string, number>;

export interface Counters extends SessionObserver {
  values(): CounterValues;
}

/** Kinds of a refused program and fields are few; more than this is somebody's noise. */
const MAX_LOGGED = 100;

/** Fields that are counted each by its name. */
const MAX_FIELDS = 200;

/** Counts what sessions tell, and logs each kind of trouble once. */
export function createCounters(log: SessionLog): Counters {
  const totals: CounterValues = {};
  const logged = new Set<string>();
  const add = (name: string): void => {
    totals[name] = (totals[name] ?? 0) + 1;
  };
  const once = (kind: string, line: () => void): void => {
    if (logged.has(kind) || logged.size >= MAX_LOGGED) return;
    logged.add(kind);
    line();
  };

  const fieldNames = new Set<string>();
  /** Clients make up fields: those beyond the first are counted together. */
  const named = (field: string): string => {
    if (fieldNames.size < MAX_FIELDS) fieldNames.add(field);
    return fieldNames.has(field) ? field : "other";
  };

  return {
    programRefused(reason, message) {
      add(`programs_refused{reason="${reason}"}`);
      once(message, () => log.error({ reason }, message));
    },
    requestRefused(status) {
      add(`requests_refused{status="${status}"}`);
    },
    fieldsDropped({ backend }, fields) {
      for (const path of fields) {
        const field = named(path.replace(/\[\d+\]/g, "[]").replace(/[^\w.[\]-]/g, "_"));
        add(`fields_dropped{field="${field}"}`);
        once(`${backend} ${field}`, () =>
          log.warn({ backend, field }, "a request field cannot be told to this provider"),
        );
      }
    },
    answerFailed({ backend }, error) {
      add("answers_failed");
      const reason = error instanceof Error ? error.message : String(error);
      once(`${backend} ${reason}`, () =>
        log.warn({ backend, reason }, "an answer was not readable"),
      );
    },
    usageMissing() {
      add("usage_missing");
    },
    costFailed({ key }, { routeName, model }, reason) {
      add("costs_failed");
      once(`${routeName} ${key}`, () =>
        log.warn({ route: routeName, key, model, reason }, "a request's cost has no value"),
      );
    },
    crashed(error) {
      add("crashes");
      log.error({ err: error }, "a request failed for a reason of the gateway's own");
    },
    values: () => totals,
  };
}

/** Values of several processes in one. */
export function addCounters(all: readonly CounterValues[]): CounterValues {
  const sum: CounterValues = {};
  for (const values of all) {
    for (const [name, value] of Object.entries(values)) sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
}

/** In the text format of Prometheus. */
export function renderCounters(values: CounterValues): string {
  const lines: string[] = [];
  let family = "";
  for (const [name, value] of Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [base = name] = name.split("{");
    const labels = name.slice(base.length);
    if (base !== family) lines.push(`# TYPE aigw_ext_proc_${base}_total counter`);
    family = base;
    lines.push(`aigw_ext_proc_${base}_total${labels} ${value}`);
  }
  return `${lines.join("\n")}\n`;
}
