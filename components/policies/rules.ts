/** What a platform team forbids: rules over the Kubernetes objects of a stack. */
import { isIP } from "node:net";
import type { ObjectTemplate } from "../internal/objects/object.ts";

/** A violation and the object that it is of. */
export interface Violation {
  object: ObjectTemplate;
  message: string;
}

export interface Rule {
  description: string;
  check(objects: readonly ObjectTemplate[]): Violation[];
}

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields => (value ?? {}) as Fields;
const list = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);
const specOf = (object: ObjectTemplate): Fields => fields(object.spec);

/** Headers that carry keys. */
const KEY_HEADERS = ["authorization", "x-api-key", "api-key"];

const noInlineKeys: Rule = {
  description: "Keys are in Secrets, not in routes, backends or headers.",
  check: (objects) =>
    objects.flatMap((object) => [
      ...list(specOf(object).backendRefs)
        .filter((ref) => fields(fields(ref.securityPolicy).apiKey).inline !== undefined)
        .map((ref) => ({
          object,
          message: `the key of ${ref.name} stands in the ${object.kind} itself; refer to a Secret with secretRef`,
        })),
      ...mutationsOf(object)
        .flatMap((mutation) => list(mutation.set))
        .filter(({ name }) => KEY_HEADERS.includes(String(name).toLowerCase()))
        .map(({ name }) => ({
          object,
          message: `header ${name} is set to a key; give the backend a credential instead`,
        })),
    ]),
};

/** Header mutations of a backend or of a route's references. */
function mutationsOf({ kind, spec }: ObjectTemplate): Fields[] {
  const own = fields(spec);
  if (kind === "AIServiceBackend") return [fields(own.headerMutation)];
  if (kind !== "AIGatewayRoute") return [];
  return list(own.rules)
    .flatMap((rule) => list(rule.backendRefs))
    .map((ref) => fields(ref.headerMutation));
}

const tlsToProviders: Rule = {
  description: "Providers outside the cluster are reached by TLS.",
  check: (objects) => {
    const trusted = new Set(
      objects
        .filter(({ kind }) => kind === "BackendTLSPolicy")
        .flatMap((policy) => targetsOf(policy).map(({ name }) => keyOf(policy, String(name)))),
    );
    return objects
      .filter(({ kind }) => kind === "Backend")
      .filter((backend) => !trusted.has(keyOf(backend, backend.metadata.name)))
      .filter((backend) => list(specOf(backend).endpoints).some(isOutside))
      .map((object) => ({
        object,
        message: `Backend ${object.metadata.name} is outside the cluster and reached without TLS; give it a BackendTLSPolicy`,
      }));
  },
};

const isOutside = (endpoint: Fields): boolean => {
  const host = fields(endpoint.fqdn).hostname ?? fields(endpoint.ip).address;
  if (typeof host !== "string") return false;
  return isIP(host) === 0 ? !/\.svc(\.cluster\.local)?$/.test(host) : !isPrivate(host);
};

const isPrivate = (address: string): boolean =>
  /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd]|::1$)/i.test(address);

const limitOnPublicRoutes: Rule = {
  description: "Every route of a gateway that the world reaches has a limit.",
  check: (objects) => {
    const limited = new Set(
      objects
        .filter((o) => o.kind === "BackendTrafficPolicy" && specOf(o).rateLimit !== undefined)
        .flatMap((policy) =>
          targetsOf(policy).map(({ kind, name }) => `${kind} ${keyOf(policy, String(name))}`),
        ),
    );
    const open = new Set(
      objects
        .filter(({ kind }) => kind === "EnvoyProxy")
        .filter((proxy) => serviceType(proxy) !== "ClusterIP")
        .map((proxy) => keyOf(proxy, proxy.metadata.name)),
    );
    const gateways = objects
      .filter(({ kind }) => kind === "Gateway")
      .filter((gateway) => {
        const { parametersRef } = fields(specOf(gateway).infrastructure);
        return open.has(keyOf(gateway, String(fields(parametersRef).name)));
      })
      .map((gateway) => keyOf(gateway, gateway.metadata.name));
    return objects
      .filter(({ kind }) => kind === "AIGatewayRoute")
      .filter((route) =>
        list(specOf(route).parentRefs)
          .map(({ name }) => keyOf(route, String(name)))
          .some((parent) => gateways.includes(parent) && !limited.has(`Gateway ${parent}`)),
      )
      .filter((route) => !limited.has(`HTTPRoute ${keyOf(route, route.metadata.name)}`))
      .map((object) => ({
        object,
        message: `route ${object.metadata.name} is public and has no limit; give it limits`,
      }));
  },
};

const serviceType = (proxy: ObjectTemplate): unknown => {
  const { kubernetes } = fields(specOf(proxy).provider);
  return fields(fields(kubernetes).envoyService).type ?? "LoadBalancer";
};

const pinnedImages: Rule = {
  description: "Images are pinned by digest.",
  check: (objects) =>
    objects
      .filter(({ kind }) => RUN_IMAGES.includes(kind))
      .flatMap((object) =>
        imagesOf(object.spec)
          .filter(({ image }) => !image.includes("@sha256:"))
          .map(({ of, image }) => ({
            object,
            message: `${of} runs ${image}, which may change; pin it by digest`,
          })),
      ),
};

/** An EnvoyProxy runs Envoy, and what is patched in beside it; a GatewayConfig an ext_proc. */
const RUN_IMAGES = ["Deployment", "StatefulSet", "DaemonSet", "EnvoyProxy", "GatewayConfig"];

/** Images anywhere in a value, and what they are of. */
function imagesOf(value: unknown, path = "spec"): { of: string; image: string }[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => imagesOf(item, `${path}[${at}]`));
  if (typeof value !== "object" || value === null) return [];
  const { name, image, ...rest } = value as Fields;
  const of = typeof name === "string" ? `container ${name}` : path;
  return [
    ...(typeof image === "string" ? [{ of, image }] : imagesOf(image, `${path}.image`)),
    ...Object.entries(rest).flatMap(([key, item]) => imagesOf(item, `${path}.${key}`)),
  ];
}

const noWildcardHostnames: Rule = {
  description: "Host names are told one by one.",
  check: (objects) =>
    objects
      .filter(({ kind }) => ["Gateway", "AIGatewayRoute", "MCPRoute"].includes(kind))
      .flatMap((object) => {
        const { hostnames, listeners } = specOf(object);
        const names = [
          ...(Array.isArray(hostnames) ? hostnames : []),
          ...list(listeners).map(({ hostname }) => hostname),
        ];
        return names
          .filter((name) => typeof name === "string" && name.startsWith("*"))
          .map((name) => ({ object, message: `${name} takes in every subdomain; name each` }));
      }),
};

/** The rules by the names of their policies. */
export const rules = {
  "no-inline-keys": noInlineKeys,
  "tls-to-providers": tlsToProviders,
  "limit-on-public-routes": limitOnPublicRoutes,
  "pinned-images": pinnedImages,
  "no-wildcard-hostnames": noWildcardHostnames,
} as const satisfies Record<string, Rule>;

const targetsOf = (policy: ObjectTemplate): Fields[] => list(specOf(policy).targetRefs);

const keyOf = ({ metadata }: ObjectTemplate, name: string): string =>
  `${metadata.namespace ?? "default"}/${name}`;
