/** The whole gateway: what its inputs come to, and what is wrong with them. */
import { isIP } from "node:net";
import type { Input } from "@pulumi/pulumi";
import type { AiGatewayArgs } from "../args/components.generated.ts";
import type {
  GatewaySettings,
  LlmBackendSettings,
  LlmRouteRule,
  LlmRouteSettings,
  ObjectPatch,
} from "../args/settings.generated.ts";
import { endpointsOf, lacks } from "../args/support.generated.ts";
import type { Judge } from "./accept.ts";
import { compileFindings, type Part } from "./compile-check.ts";
import { type ImageSettings, namedImage } from "./image.ts";
import { isHole } from "./inputs.ts";
import type { Finding } from "./judge.ts";
import { closest } from "./names.ts";
import { backendObjects } from "./objects/backend.ts";
import { gatewayObjects } from "./objects/gateway.ts";
import { controlPlaneObjects, namespaceObject } from "./objects/install.ts";
import { quotaObjects } from "./objects/limits.ts";
import { mcpObjects } from "./objects/mcp.ts";
import type { ObjectTemplate, Place } from "./objects/object.ts";
import { routeObjects } from "./objects/route.ts";
import { meets } from "./patch.ts";

/** Name of the objects of a part: the gateway's name and the part's key. */
export const partName = (gateway: string, key: string): string => `${gateway}-${key}`;

/** The namespaced objects of a gateway, by the part of the inputs that they come from. */
export function gatewayParts(name: string, namespace: Input<string>, args: AiGatewayArgs): Part[] {
  const place = (key: string): Place => ({ name: partName(name, key), namespace });
  const backendName = (backend: string): string => partName(name, backend);
  const each = <T>(
    things: Record<string, T> | undefined,
    path: string,
    objects: (key: string, thing: T) => Part["objects"],
  ): Part[] =>
    Object.entries(things ?? {}).map(([key, thing]) => ({
      path: `${path}.${key}`,
      objects: objects(key, thing),
    }));
  return [
    { path: "gateway", objects: gatewayObjects({ name, namespace }, withImage(args)) },
    ...each(args.backends, "backends", (key, backend) => backendObjects(place(key), backend)),
    ...each(args.routes, "routes", (key, route) =>
      routeObjects(place(key), name, route, backendName),
    ),
    ...each(args.quotas, "quotas", (key, quota) => quotaObjects(place(key), quota, backendName)),
    ...each(args.mcpRoutes, "mcpRoutes", (key, mcp) => mcpObjects(place(key), name, mcp)),
  ];
}

/** Settings of the gateway; what runs beside its Envoys has the control plane's image by default. */
export function withImage(
  { gateway = {}, controlPlane }: AiGatewayArgs,
  image: Input<string> | undefined = namedImage(controlPlane ?? {}),
): GatewaySettings {
  const { extProc } = gateway;
  if (extProc?.placement !== "Sidecar" || image === undefined) return gateway;
  return { ...gateway, extProc: { image, ...extProc } };
}

/** What stands beside Envoy needs an image; `at` is where the gateway's settings stand. */
export const sidecarFindings = ({ extProc }: GatewaySettings, at: string): Finding[] =>
  extProc?.placement !== "Sidecar" || extProc.image !== undefined
    ? []
    : [
        {
          path: `${at}extProc.image`,
          message: "is required: the image of the external processor that runs beside Envoy",
        },
      ];

/** What the inputs have to be changed by, so that the patches meet an object each. */
export const patchFindings = (
  patches: readonly ObjectPatch[] | undefined,
  objects: readonly ObjectTemplate[],
): Finding[] =>
  (patches ?? []).flatMap((patch, index) => {
    const change = patch.patch as { metadata?: unknown } | undefined;
    if (isHole(change) || isHole(change?.metadata)) {
      const message = "patch and its metadata must be objects; the values in them may be outputs";
      return [{ path: `patches[${index}]`, message }];
    }
    if (objects.some((object) => meets(patch, object))) return [];
    const of = objects.filter(({ kind }) => kind === patch.kind);
    const there = of.map(({ metadata }) => metadata.name).join(", ");
    const hint = of.length === 0 ? `no ${patch.kind} is created` : `there are ${there}`;
    return [{ path: `patches[${index}]`, message: `changes no object: ${hint}` }];
  });

/** All objects of a gateway of that name, in the order in which they can be applied. */
export function allObjects(name: string, args: AiGatewayArgs): ObjectTemplate[] {
  const { namespace = name, controlPlane = {}, envoyGateway = {} } = args;
  return [
    ...(controlPlane.install === false
      ? []
      : controlPlaneObjects(controlPlane, envoyGateway.namespace)),
    ...(args.createNamespace === false ? [] : [namespaceObject(namespace)]),
    ...gatewayParts(name, namespace, args).flatMap((part) => part.objects),
  ];
}

/** Judges the inputs of a gateway of that name. */
export const judgeGateway =
  (name: string): Judge<AiGatewayArgs> =>
  (args) => {
    const errors = [
      ...sidecarFindings(withImage(args), "gateway."),
      ...imageFindings(args.controlPlane ?? {}, "controlPlane."),
      ...Object.entries(args.backends).flatMap(([key, backend]) =>
        backendFindings(backend, `backends.${key}.`),
      ),
      ...Object.entries(args.routes).flatMap(([key, route]) => routeFindings(args, key, route)),
      ...Object.entries(args.quotas ?? {}).flatMap(([key, quota]) =>
        quota.backends.flatMap((backend, index) =>
          unknownBackend(args, backend, `quotas.${key}.backends[${index}]`),
        ),
      ),
    ];
    if (errors.length === 0 && args.patches !== undefined) {
      errors.push(...patchFindings(args.patches, allObjects(name, args)));
    }
    // The compiler would find the same again, in the words of objects that nobody wrote.
    return errors.length > 0
      ? { errors, warnings: [] }
      : compileFindings(gatewayParts(name, "default", args));
  };

/** What is wrong with a backend by itself; `at` is where it stands, with a dot at its end. */
export function backendFindings({ host, tls }: LlmBackendSettings, at: string): Finding[] {
  const nameless = tls?.enabled !== false && tls?.hostname === undefined;
  return typeof host === "string" && isIP(host) !== 0 && nameless
    ? [
        {
          path: `${at}tls.hostname`,
          message: "is required where host is an IP address: the name that its certificate has",
        },
      ]
    : [];
}

/** What is installed needs an image; `at` is where its settings stand, with a dot at its end. */
export function imageFindings(
  settings: ImageSettings & { install?: boolean },
  at: string,
): Finding[] {
  if (settings.install === false || namedImage(settings) !== undefined) return [];
  const message =
    settings.build === true
      ? "is required: the name under which the image that is built is pushed"
      : "is required, since no image was published with this version: give one that you built, by its digest, or with `build: true` the name under which Pulumi is to push what it builds";
  return [{ path: `${at}image`, message }];
}

function routeFindings(args: AiGatewayArgs, key: string, route: LlmRouteSettings): Finding[] {
  const path = `routes.${key}`;
  const costs = (route.costs ?? []).map((cost) => (cost as { metadataKey?: unknown }).metadataKey);
  const limits = route.limits ?? [];
  const { envoyGateway } = args;
  return [
    ...route.rules.flatMap((rule, index) => ruleFindings(args, rule, `${path}.rules[${index}]`)),
    ...limits.flatMap(({ cost }, index) =>
      cost === undefined || costs.includes(cost)
        ? []
        : [
            {
              path: `${path}.limits[${index}].cost`,
              message: `no cost of the route has the metadataKey ${cost}; add it to ${path}.costs`,
            },
          ],
    ),
    ...(limits.length > 0 && envoyGateway?.install !== false && envoyGateway?.redis === undefined
      ? [
          {
            path: `${path}.limits`,
            message: "limits are counted in a Redis; give its address in envoyGateway.redis",
          },
        ]
      : []),
  ];
}

function ruleFindings(args: AiGatewayArgs, rule: LlmRouteRule, path: string): Finding[] {
  return (rule.backends ?? []).flatMap(({ backend }, index) => {
    const at = `${path}.backends[${index}].backend`;
    const settings = args.backends[backend];
    if (settings === undefined) return unknownBackend(args, backend, at);
    const served: readonly string[] = endpointsOf[settings.schema];
    return (rule.endpoints ?? [])
      .filter((endpoint) => !served.includes(endpoint))
      .map((endpoint) => ({
        path: at,
        message: `backend ${backend} speaks ${settings.schema}, which cannot serve ${endpoint}: it ${lacks[endpoint]}${served.length === 0 ? "" : `; it can serve ${served.join(", ")}`}`,
      }));
  });
}

function unknownBackend(args: AiGatewayArgs, backend: string, path: string): Finding[] {
  const known = Object.keys(args.backends);
  if (known.includes(backend)) return [];
  const guess = closest(backend, known);
  const hint =
    guess !== undefined
      ? `did you mean ${guess}?`
      : known.length === 0
        ? "backends is empty"
        : `there are ${known.join(", ")}`;
  return [{ path, message: `no backend is named ${backend}; ${hint}` }];
}
