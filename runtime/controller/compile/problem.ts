import { remember } from "../../lib/remember.ts";
import { keyOf } from "../snapshot/snapshot.ts";

/** Why a resource, or part of it, is not programmed; CamelCase, as in status conditions. */
export type Reason =
  | "BackendNotFound"
  | "BackendUnsupported"
  | "RefNotPermitted"
  | "SecretNotFound"
  | "SecretInvalid"
  | "PolicyConflict"
  | "PolicyUnsupported"
  | "InvalidCost"
  | "InvalidMutation"
  | "InvalidMatch"
  | "InvalidValue"
  | "EndpointUnsupported"
  | "GatewayNotFound"
  | "NotAttached"
  | "ProgramTooLarge"
  | "NoBackend";

/** An `error` takes its part out of service; with a `warning` the part serves, but not all of it. */
export interface Problem {
  severity: "error" | "warning";
  kind: string;
  /** `namespace/name`. */
  object: string;
  /** Path of the field: `spec.rules[0].backendRefs[1].name`. */
  field: string;
  reason: Reason;
  /** What is wrong and how to mend it. Never holds a secret. */
  message: string;
}

export interface Locatable {
  kind: string;
  metadata: {
    name: string;
    namespace?: string | undefined;
    labels?: Record<string, string> | undefined;
  };
}

const identityOf = remember(
  ({ kind, object, field, message }: Problem): string => `${kind} ${object} ${field} ${message}`,
);

/** Collects problems of one compile run. */
export class ProblemLog {
  readonly problems: Problem[] = [];
  readonly #known = new Set<string>();

  error(on: Locatable, field: string, reason: Reason, message: string): undefined {
    this.#add("error", on, field, reason, message);
    return undefined;
  }

  warn(on: Locatable, field: string, reason: Reason, message: string): undefined {
    this.#add("warning", on, field, reason, message);
    return undefined;
  }

  #add(
    severity: Problem["severity"],
    on: Locatable,
    field: string,
    reason: Reason,
    message: string,
  ): void {
    const object = keyOf(on.metadata);
    this.add([{ severity, kind: on.kind, object, field, reason, message }]);
  }

  /** Takes over problems that were found elsewhere; what is known already is not repeated. */
  add(problems: readonly Problem[]): void {
    for (const problem of problems) {
      const identity = identityOf(problem);
      if (this.#known.has(identity)) continue;
      this.#known.add(identity);
      this.problems.push(problem);
    }
  }
}
