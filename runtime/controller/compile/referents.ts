import type { AIServiceBackend } from "../../api/index.ts";
import type { InferencePool } from "../snapshot/foreign.ts";
import { namespaceOf } from "../snapshot/snapshot.ts";
import { type Destination, destinationOf } from "./addresses.ts";
import type { PoolPlan } from "./plan.ts";
import { poolOrigin } from "./pool-service.ts";
import { type BackendRef, isPool, poolOf, type ReferenceContext, serviceOf } from "./references.ts";

/** What a reference leads to: an AIServiceBackend with its address, or an InferencePool. */
export interface Referent {
  /** Carries the policies, and is told what is wrong. */
  object: AIServiceBackend | InferencePool;
  schema: { name: string; prefix?: string | undefined; version?: string | undefined };
  headerMutation?: AIServiceBackend["spec"]["headerMutation"];
  bodyMutation?: AIServiceBackend["spec"]["bodyMutation"];
  destination: Destination;
  pool?: PoolPlan;
}

/** Follows a backendRef; undefined, with a problem, where it leads nowhere. */
export const referentOf = (
  context: ReferenceContext,
  field: string,
  ref: BackendRef,
): Referent | undefined =>
  isPool(ref) ? poolReferent(context, field, ref) : serviceReferent(context, field, ref);

function serviceReferent(
  context: ReferenceContext,
  field: string,
  ref: BackendRef,
): Referent | undefined {
  const object = serviceOf(context, field, ref);
  const routeNamespace = namespaceOf(context.route.metadata);
  const destination = object && destinationOf({ ...context, routeNamespace }, object);
  if (object === undefined || destination === undefined) return undefined;
  const { schema, headerMutation, bodyMutation } = object.spec;
  return { object, schema, headerMutation, bodyMutation, destination };
}

/** Port of an endpoint picker that names none. */
const PICKER_PORT = 9002;

/** Pickers speak TLS unless the port of their Service says otherwise. */
const speaksPlainly = ({ snapshot }: ReferenceContext, service: string, port: number): boolean =>
  snapshot.Service.get(service)?.spec.ports?.some(
    (each) => each.port === port && each.appProtocol === "kubernetes.io/h2c",
  ) ?? false;

/** Pods of an InferencePool speak OpenAI's API. */
function poolReferent(
  context: ReferenceContext,
  field: string,
  ref: BackendRef,
): Referent | undefined {
  const object = poolOf(context, field, ref);
  if (object === undefined) return undefined;
  const { targetPorts, endpointPickerRef: picker } = object.spec;
  if (picker === undefined) {
    return context.log.error(
      object,
      "spec.endpointPickerRef",
      "BackendUnsupported",
      "the pool names no endpoint picker, so nothing chooses its pods",
    );
  }
  const namespace = namespaceOf(object.metadata);
  const origin = poolOrigin(object);
  const port = picker.port?.number ?? PICKER_PORT;
  return {
    object,
    schema: { name: "OpenAI" },
    destination: {
      origin,
      addresses: targetPorts.map(({ number }) => ({
        kind: "service",
        host: `${origin.name}.${namespace}`,
        port: number,
      })),
      http2: false,
    },
    pool: {
      targetPorts: targetPorts.map(({ number }) => number),
      endpointPicker: {
        namespace,
        name: picker.name,
        port,
        tls: !speaksPlainly(context, `${namespace}/${picker.name}`, port),
        failOpen: picker.failureMode === "FailOpen",
      },
    },
  };
}
