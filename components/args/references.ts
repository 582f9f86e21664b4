/** An object that a component made. */
export interface ObjectReference {
  /** Group and version, as `gateway.networking.k8s.io/v1`. */
  apiVersion: string;
  /** Kind. */
  kind: string;
  /** Name. */
  name: string;
  /** Namespace; none for what belongs to the whole cluster. */
  namespace?: string;
}
