/** What the compiler would say of a gateway's inputs, with the paths of who wrote them. */
import { type AIGatewayRoute, type Resource, validateResource } from "../../runtime/api/index.ts";
import { compile } from "../../runtime/controller/compile/compile.ts";
import type { Problem } from "../../runtime/controller/compile/problem.ts";
import type { InferencePool } from "../../runtime/controller/snapshot/foreign.ts";
import { snapshotOf } from "../../runtime/controller/snapshot/snapshot.ts";
import { isHole, tellsOfHole } from "./inputs.ts";
import type { Finding } from "./judge.ts";
import type { ObjectTemplate } from "./objects/object.ts";

/** The objects of one part of the inputs. */
export interface Part {
  /** `backends.openai`. */
  path: string;
  objects: ObjectTemplate[];
}

/**
 * Reasons that say nothing of the inputs: existing Secrets are not looked at, which credentials need
 * the controller is for the cluster to know, and what backends must be able to serve is stated by
 * `endpoints` of a rule, which is judged before.
 */
const NOT_HERE: ReadonlySet<string> = new Set([
  "PolicyUnsupported",
  "SecretNotFound",
  "NoBackend",
  "EndpointUnsupported",
]);

/** Fields of objects and the inputs that they come from. */
const FIELDS: Readonly<Record<string, readonly [RegExp, string][]>> = {
  AIGatewayRoute: [
    [
      /^spec\.rules\[(\d+)\]\.backendRefs\[(\d+)\]\.headerMutation.*/,
      "rules[$1].backends[$2].headers",
    ],
    [/^spec\.rules\[(\d+)\]\.backendRefs\[(\d+)\]\.bodyMutation.*/, "rules[$1].backends[$2].body"],
    [
      /^spec\.rules\[(\d+)\]\.backendRefs\[(\d+)\]\.modelNameOverride/,
      "rules[$1].backends[$2].model",
    ],
    [/^spec\.rules\[(\d+)\]\.backendRefs\[(\d+)\].*/, "rules[$1].backends[$2]"],
    [/^spec\.rules\[(\d+)\]\.backendRefs.*/, "rules[$1].backends"],
    [/^spec\.rules\[(\d+)\]\.timeouts\.request/, "rules[$1].timeout"],
    [/^spec\.rules\[(\d+)\]\.timeouts\.backendRequest/, "rules[$1].attemptTimeout"],
    [/^spec\.rules\[(\d+)\]\.timeouts/, "rules[$1].attemptTimeout"],
    [/^spec\.rules\[(\d+)\]\.matches.*/, "rules[$1]"],
    [/^spec\.rules\[(\d+)\]\.(\w+).*/, "rules[$1].$2"],
    [/^spec\.rules(\[\d+\])?$/, "rules$1"],
    [/^spec\.llmRequestCosts(.*)/, "costs$1"],
    [/^spec\.(\w+).*/, "$1"],
  ],
  AIServiceBackend: [
    [/^spec\.schema\.name/, "schema"],
    [/^spec\.schema\.(\w+)/, "$1"],
    [/^spec\.headerMutation.*/, "headers"],
    [/^spec\.bodyMutation.*/, "body"],
    [/.*/, ""],
  ],
  Backend: [[/.*/, "host"]],
  BackendTLSPolicy: [[/.*/, "tls"]],
  BackendSecurityPolicy: [
    [/^spec\.(apiKey|azureAPIKey|anthropicAPIKey).*/, "apiKey"],
    [/^spec\.(aws|azure|gcp)Credentials.*/, "$1"],
    [/.*/, ""],
  ],
  GatewayConfig: [
    [/^spec\.globalLLMRequestCosts(.*)/, "costs$1"],
    [/.*/, ""],
  ],
  BackendTrafficPolicy: [[/.*/, "retry"]],
};

/** Problems of the parts, taken together as one cluster's resources. */
export function compileFindings(parts: readonly Part[]): {
  errors: Finding[];
  warnings: Finding[];
} {
  const errors: Finding[] = [];
  const warnings: Finding[] = [];
  const resources: { kind: string; metadata: Resource["metadata"] }[] = [];
  for (const { path, objects } of parts) {
    for (const object of objects) {
      if (!object.apiVersion.startsWith("aigateway.envoyproxy.io/")) {
        resources.push(object as unknown as Resource);
        continue;
      }
      const { resource, problems } = validated(object);
      if (resource !== undefined) resources.push(resource);
      errors.push(
        ...problems.map((problem) => ({
          path: inputPath(path, object.kind, problem.path),
          message: problem.message,
        })),
      );
    }
  }
  if (errors.length > 0) return { errors, warnings };
  const all = [...resources, ...resources.flatMap(poolsOf)];
  for (const problem of compile(snapshotOf(all)).problems) {
    if (NOT_HERE.has(problem.reason) || tellsOfHole(problem.message)) continue;
    const part = parts.find(({ objects }) => objects.some((object) => isOf(problem, object)));
    const finding = {
      path: inputPath(part?.path ?? "", problem.kind, problem.field),
      // In preview nothing is left out: everything is refused.
      message: problem.message.replace(/; this match is left out$/, ""),
    };
    (problem.severity === "error" ? errors : warnings).push(finding);
  }
  return { errors, warnings };
}

/**
 * The object as its kind has it, and what is wrong with it. What is not known yet is no fault: such
 * fields are left out, and the object with them where it needs them.
 */
function validated(object: ObjectTemplate): {
  resource?: Resource;
  problems: { path: string; message: string }[];
} {
  const copy = plainCopy(object);
  const first = validateResource(copy);
  if (first.ok) return { resource: first.resource, problems: [] };
  const [open, problems] = [[] as string[], [] as typeof first.problems];
  for (const problem of first.problems) {
    if (isHole(valueAt(copy, problem.path))) open.push(problem.path);
    else problems.push(problem);
  }
  if (problems.length > 0) return { problems };
  for (const path of open) removeAt(copy, path);
  const second = validateResource(copy);
  return second.ok ? { resource: second.resource, problems } : { problems };
}

const stepsOf = (path: string): string[] => path.match(/[^.[\]]+/g) ?? [];

const valueAt = (object: unknown, path: string): unknown =>
  stepsOf(path).reduce(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step],
    object,
  );

function removeAt(object: unknown, path: string): void {
  const steps = stepsOf(path);
  const last = steps.pop() ?? "";
  const holder = valueAt(object, steps.join("."));
  if (typeof holder === "object" && holder !== null) Reflect.deleteProperty(holder, last);
}

/** Pools that a route refers to are in the cluster already: what stands for them serves. */
function poolsOf(resource: { kind: string; metadata: Resource["metadata"] }): InferencePool[] {
  if (resource.kind !== "AIGatewayRoute") return [];
  const { rules } = (resource as AIGatewayRoute).spec;
  return rules
    .flatMap((rule) => rule.backendRefs ?? [])
    .filter((ref) => ref.kind === "InferencePool")
    .map(({ name, namespace = resource.metadata.namespace }) => ({
      apiVersion: "inference.networking.k8s.io/v1",
      kind: "InferencePool",
      metadata: { name, namespace },
      spec: {
        selector: { matchLabels: {} },
        targetPorts: [{ number: 8000 }],
        endpointPickerRef: { name, port: { number: 9002 } },
      },
    }));
}

/** Without the fields that are undefined, as JSON leaves them out. */
const plainCopy = (object: ObjectTemplate): unknown => JSON.parse(JSON.stringify(object));

const isOf = (problem: Problem, { kind, metadata }: ObjectTemplate): boolean =>
  problem.kind === kind && problem.object === `${metadata.namespace ?? "default"}/${metadata.name}`;

function inputPath(part: string, kind: string, field: string): string {
  const rule = FIELDS[kind]?.find(([pattern]) => pattern.test(field));
  const own = rule === undefined ? field : field.replace(rule[0], rule[1]);
  return [part, own].filter((step) => step !== "").join(".");
}
