/** What the compiler would say of a gateway's inputs, with the paths of who wrote them. */
import { type AIGatewayRoute, type Resource, validateResource } from "../../runtime/api/index.ts";
import { compile } from "../../runtime/controller/compile/compile.ts";
import type { Problem } from "../../runtime/controller/compile/problem.ts";
import type { InferencePool } from "../../runtime/controller/snapshot/foreign.ts";
import { snapshotOf } from "../../runtime/controller/snapshot/snapshot.ts";
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
      const validation = validateResource(plainCopy(object));
      if (validation.ok) resources.push(validation.resource);
      else {
        errors.push(
          ...validation.problems.map((problem) => ({
            path: inputPath(path, object.kind, problem.path),
            message: problem.message,
          })),
        );
      }
    }
  }
  if (errors.length > 0) return { errors, warnings };
  const all = [...resources, ...resources.flatMap(poolsOf)];
  for (const problem of compile(snapshotOf(all)).problems) {
    if (NOT_HERE.has(problem.reason)) continue;
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
