import type { Resource as OwnResource } from "../../api/index.ts";
import type {
  Backend,
  BackendTLSPolicy,
  BackendTrafficPolicy,
  ConfigMap,
  Gateway,
  ReferenceGrant,
  Secret,
} from "../../controller/snapshot/foreign.ts";

/** Other projects' resources that standalone mode reads. */
export type ForeignResource =
  | Gateway
  | Backend
  | BackendTLSPolicy
  | BackendTrafficPolicy
  | Secret
  | ConfigMap
  | ReferenceGrant;

/** A valid resource, with its defaults. */
export type Resource = OwnResource | ForeignResource;

/** Something that is wrong or odd; the message says where (`file:line`), what and how to mend it. */
export interface LoadProblem {
  severity: "error" | "warning";
  message: string;
}

/** What a configuration holds. No message shows the value of a Secret. */
export interface LoadedConfig {
  /** Those that are valid and read in standalone mode. */
  resources: Resource[];
  problems: LoadProblem[];
  /** Resources and fields that a user may expect to work, but that standalone mode does not serve. */
  unserved: { message: string }[];
}
