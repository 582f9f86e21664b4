import type { KubeObject } from "../../kube/client.ts";
import type { Container, EnvVar, Pod } from "./pod.ts";

/** What a Pod may refer to. */
export interface References {
  secret(namespace: string, name: string): KubeObject | undefined;
  configMap(namespace: string, name: string): KubeObject | undefined;
}

/** A reference to something that is not there yet. */
export class NotThereYet extends Error {}

/**
 * Variables of a container, `$(NAME)` replaced.
 *
 * @param address local address of the Pod, which it is told to be its own.
 * @throws NotThereYet where a Secret or ConfigMap or a key of theirs is missing and is not optional.
 */
export function environmentOf(
  container: Container,
  pod: Pod,
  address: string,
  references: References,
): Record<string, string> {
  const env: Record<string, string> = {};
  const { namespace } = pod.metadata;
  for (const { prefix = "", secretRef, configMapRef } of container.envFrom ?? []) {
    const ref = secretRef ?? configMapRef;
    if (ref === undefined) continue;
    const data = dataOf(secretRef ? "secret" : "configMap", namespace, ref, references);
    for (const [name, value] of Object.entries(data ?? {})) env[prefix + name] = value.toString();
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, container, pod, address, references);
    if (value !== undefined) env[variable.name] = expand(value, env);
  }
  return env;
}

/** `$(NAME)` replaced where NAME is known; `$$(NAME)` is the text `$(NAME)`. */
export const expand = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replace(/\$(\$?)\(([^)\s]+)\)/g, (whole, escaped: string, name: string) =>
    escaped ? whole.slice(1) : (env[name] ?? whole),
  );

function variableValue(
  { name, value, valueFrom }: EnvVar,
  container: Container,
  pod: Pod,
  address: string,
  references: References,
): string | undefined {
  if (valueFrom === undefined) return value ?? "";
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) return fieldOf(fieldRef.fieldPath, pod, address);
  if (resourceFieldRef) return resourceOf(resourceFieldRef.resource, container);
  const ref = secretKeyRef ?? configMapKeyRef;
  if (ref === undefined) throw new Error(`env ${name}: valueFrom is of no kind that is known here`);
  const kind = secretKeyRef ? "secret" : "configMap";
  const data = dataOf(kind, pod.metadata.namespace, ref, references);
  const found = data?.[ref.key];
  if (found === undefined && !ref.optional) {
    throw new NotThereYet(`${kind} ${ref.name} has no key ${ref.key}`);
  }
  return found?.toString();
}

/** A field of the Pod for the downward API. */
export function fieldOf(path: string, pod: Pod, address: string): string {
  const { metadata, spec } = pod;
  const [, map, key] = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path) ?? [];
  if (map !== undefined) return metadata[map as "labels"]?.[key ?? ""] ?? "";
  const fields: Record<string, string | undefined> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "spec.nodeName": spec.nodeName,
    "spec.serviceAccountName": spec.serviceAccountName,
    "status.podIP": address,
    "status.podIPs": address,
    "status.hostIP": address,
  };
  if (!(path in fields)) throw new Error(`field ${path} is not known here`);
  return fields[path] ?? "";
}

/** Limits in whole cores and bytes, as Kubernetes gives them; one core and 1 GiB where there is none. */
function resourceOf(resource: string, { resources }: Container): string {
  const [list = "", name = ""] = resource.split(".");
  const quantity = resources?.[list as "limits"]?.[name];
  if (quantity === undefined) return name === "cpu" ? "1" : String(1024 ** 3);
  return String(Math.ceil(amountOf(quantity)));
}

const UNITS: Record<string, number> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

function amountOf(quantity: string): number {
  const [, number, unit = ""] = /^([\d.]+)(\D*)$/.exec(quantity) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}

/** Values of a Secret or ConfigMap. @throws NotThereYet where there is none and it is not optional. */
export function dataOf(
  kind: keyof References,
  namespace: string,
  { name, optional = false }: { name: string; optional?: boolean | undefined },
  references: References,
): Record<string, Buffer> | undefined {
  const object = references[kind](namespace, name);
  if (object === undefined) {
    if (optional) return undefined;
    throw new NotThereYet(`${kind} ${namespace}/${name} is not there`);
  }
  const { data = {}, binaryData = {} } = object as unknown as Record<
    "data" | "binaryData",
    Record<string, string> | undefined
  >;
  const plain = Object.entries(data).map(
    ([key, text]) => [key, Buffer.from(text, kind === "secret" ? "base64" : "utf8")] as const,
  );
  const binary = Object.entries(binaryData).map(
    ([key, text]) => [key, Buffer.from(text, "base64")] as const,
  );
  return Object.fromEntries([...plain, ...binary]);
}
