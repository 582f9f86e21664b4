import type { Snapshot } from "../snapshot/snapshot.ts";
import { gatewayOf, listenersOf, parentRefsOf } from "./attachment.ts";
import type { ProblemLog } from "./problem.ts";

/** Tells of routes, or of single parents of theirs, that no Gateway serves. */
export function reportOrphans(snapshot: Snapshot, log: ProblemLog): void {
  for (const route of snapshot.AIGatewayRoute.values()) {
    const { refs, conflicting } = parentRefsOf(route);
    if (refs.length === 0) {
      log.error(
        route,
        "spec.parentRefs",
        "GatewayNotFound",
        "the route names no Gateway, so nothing serves it",
      );
    }
    for (const { index } of conflicting) {
      log.error(
        route,
        `spec.parentRefs[${index}]`,
        "InvalidValue",
        "all references to one Gateway must name its listeners in the same way: by sectionName, by port, or by both; this one is left out",
      );
    }
    for (const { ref, index } of refs) {
      const field = `spec.parentRefs[${index}]`;
      const key = gatewayOf(route, ref);
      const gateway = snapshot.Gateway.get(key);
      if (gateway === undefined) {
        log.error(
          route,
          field,
          "GatewayNotFound",
          `Gateway ${key} does not exist; the route is not served by it`,
        );
      } else if (listenersOf(route, ref, gateway).length === 0) {
        log.error(
          route,
          field,
          "NotAttached",
          `no listener of Gateway ${key} takes the route: check sectionName, port and the listeners' allowedRoutes`,
        );
      }
    }
  }
}
