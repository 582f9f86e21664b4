/** What there is around the gateway. */
export interface CompileOptions {
  /**
   * `cluster`: Envoy Gateway makes clusters and TLS, HTTPRoutes have limits, Services and
   * InferencePools have addresses. `standalone`: none of these.
   */
  platform: "cluster" | "standalone";
}
