import type { Input } from "@pulumi/pulumi";

/** A Kubernetes object to be, with fields that may come later. */
export interface ObjectTemplate {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: Input<string>;
    labels?: Record<string, Input<string>>;
    annotations?: Record<string, Input<string>>;
  };
  [field: string]: unknown;
}

export const AI_GROUP = "aigateway.envoyproxy.io";
export const AI_VERSION = `${AI_GROUP}/v1beta1`;
export const AI_ALPHA = `${AI_GROUP}/v1alpha1`;
export const ENVOY_GROUP = "gateway.envoyproxy.io";
export const ENVOY_VERSION = `${ENVOY_GROUP}/v1alpha1`;
export const GATEWAY_GROUP = "gateway.networking.k8s.io";
export const GATEWAY_VERSION = `${GATEWAY_GROUP}/v1`;

/** Where the objects of a component go. */
export interface Place {
  /** Name of the component's main object, and start of the names of the others. */
  name: string;
  namespace: Input<string>;
}

/** An object of a place; `suffix` tells several of one kind apart. */
export const objectIn = (
  place: Place,
  apiVersion: string,
  kind: string,
  fields: Record<string, unknown>,
  suffix?: string,
): ObjectTemplate => ({
  apiVersion,
  kind,
  metadata: {
    name: suffix === undefined ? place.name : `${place.name}-${suffix}`,
    namespace: place.namespace,
  },
  ...fields,
});
