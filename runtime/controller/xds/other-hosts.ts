import { extension, type JsonObject } from "./json.ts";

/**
 * The part of a retry policy that has another host asked. Envoy chooses by chance until it comes on one that has not
 * been tried, so often at most: one that is dead has the fewest requests and one of a large weight is likelier than all
 * others, so that a handful of choices would often find the same again.
 */
export const otherHosts: JsonObject = {
  retry_host_predicate: [
    extension(
      "envoy.retry_host_predicates.previous_hosts",
      "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
    ),
  ],
  host_selection_retry_max_attempts: "50",
};
