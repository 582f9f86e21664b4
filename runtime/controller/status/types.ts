/** One judgement on an object. When it last changed is for the writer to know. */
export interface Condition {
  type: "Accepted" | "NotAccepted" | "ResolvedRefs" | "Programmed";
  status: "True" | "False" | "Unknown";
  /** CamelCase, for programs. */
  reason: string;
  /** For people: the field at fault and the mend. Never holds a secret. */
  message: string;
}

/** The conditions of one object, all of them, in the order in which they are to be written. */
export interface StatusUpdate {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  /** The generation that was judged; 0 where the object has none. */
  generation: number;
  conditions: Condition[];
  /**
   * Of kinds whose status has conditions by parent: the Gateways (`namespace/name`) under which these
   * stand. None: what stands there of ours goes.
   */
  parents?: readonly string[];
}

/** What is known of how far the plan has come, besides the plan itself. */
export interface ProgrammedFacts extends ExtensionFacts {
  /** What Envoy Gateway wrote on the HTTPRoutes, by `namespace/name`; an HTTPRoute that is not there is absent. */
  httpRoutes: ReadonlyMap<string, HttpRouteFacts>;
  /** Why a Gateway (`namespace/name`) serves nothing, as Envoy Gateway says, where it does not. */
  rejected: ReadonlyMap<string, string>;
}

/** What the extension server knows; it may run in another replica. */
export interface ExtensionFacts {
  /**
   * Ids of rules whose requests the extension refused in the newest translation, since no plan agreed
   * with it; empty where this replica was not asked.
   */
  denied: ReadonlySet<string>;
}

export interface HttpRouteFacts {
  generation: number;
  parents: {
    /** `namespace/name` of the Gateway. */
    gateway: string;
    conditions: {
      type: string;
      status: string;
      reason: string;
      message: string;
      observedGeneration?: number | undefined;
    }[];
  }[];
}
