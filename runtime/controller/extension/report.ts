/** What an edit of a translation came to. */
export interface EditReport {
  /** Gateways (`namespace/name`) that the translation is of; none where it has no AI routes. */
  gateways: string[];
  /** AI routes (matches of rules) that Envoy is given. */
  routes: number;
  /** Rules whose requests are refused, since no plan agrees with what Envoy Gateway has of them. */
  denied: string[];
  /** Endpoints taken out of clusters, since no plan knows them; by cluster. */
  unknownEndpoints: Map<string, number>;
  /** Resources passed on as they came, since they could not be read or edited; never AI routes. */
  failures: { resource: string; error: string }[];
  /** Revisions of plans that the translation was made with. */
  revisions: string[];
}
