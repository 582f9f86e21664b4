/** Judgement on pieces that stand alone: what they refer to is taken for granted. */
import type { GatewayArgs, LlmBackendArgs, LlmRouteArgs } from "../args/components.generated.ts";
import type { Judge } from "./accept.ts";
import { compileFindings } from "./compile-check.ts";
import { backendFindings, imageFindings, sidecarFindings } from "./gateway-inputs.ts";
import type { ImageSettings } from "./image.ts";
import { backendObjects } from "./objects/backend.ts";
import { gatewayObjects } from "./objects/gateway.ts";
import type { Place } from "./objects/object.ts";
import { routeObjects } from "./objects/route.ts";

const at = (name: string): Place => ({ name, namespace: "default" });

/** Judges a backend by itself. */
export const judgeBackend: Judge<LlmBackendArgs> = (backend) => ({
  errors: backendFindings(backend, ""),
  warnings: [],
});

/** Judges a route by itself: its gateway and backends are elsewhere, and may be of any sort. */
export const judgeRoute =
  (name: string): Judge<LlmRouteArgs> =>
  ({ gateway: _, ...route }) => {
    const backends = new Set(
      route.rules.flatMap((rule) => (rule.backends ?? []).map(({ backend }) => backend)),
    );
    return compileFindings([
      { path: "", objects: routeObjects(at(name), "gateway", route, (backend) => backend) },
      { path: "gateway", objects: gatewayObjects(at("gateway"), {}) },
      ...[...backends].map((backend) => ({
        path: "backends",
        objects: backendObjects(at(backend), { schema: "OpenAI", host: "backend.example.com" }),
      })),
    ]);
  };

/** Judges the image of what is installed. */
export const judgeImage: Judge<ImageSettings & { install?: boolean }> = (settings) => ({
  errors: imageFindings(settings, ""),
  warnings: [],
});

/** Judges a gateway by itself. */
export const judgeLoneGateway: Judge<GatewayArgs> = (settings) => ({
  errors: sidecarFindings(settings, ""),
  warnings: [],
});
