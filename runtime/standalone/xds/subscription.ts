/**
 * One kind of resource on one stream, in the state-of-the-world variant of xDS: what Envoy asked
 * for, what it was sent, and what it said to that. No I/O.
 */
import { create } from "@bufbuild/protobuf";
import {
  type DiscoveryRequest,
  type DiscoveryResponse,
  DiscoveryResponseSchema,
} from "../../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import {
  RESOURCE_KINDS,
  type Resource,
  type ResourceKind,
  type ResourceMap,
  versionOf,
} from "./resources.ts";

/** Why Envoy would not take a response, in its own words. */
export interface Refusal {
  readonly kind: ResourceKind;
  readonly version: string;
  readonly error: string;
}

/** What a request of Envoy's meant. */
export type RequestMeaning =
  | { readonly is: "subscribe" }
  | { readonly is: "ack"; readonly accepted: ResourceMap }
  | ({ readonly is: "nack" } & Refusal)
  /** An answer to something other than the last response; says nothing. */
  | { readonly is: "stale" };

interface Awaited {
  readonly nonce: string;
  readonly version: string;
  readonly resources: ResourceMap;
}

export class Subscription {
  readonly kind: ResourceKind;
  /** Names asked for; undefined before the first request. Not used by wildcard kinds. */
  #names: ReadonlySet<string> | undefined;
  /** Hash last sent of each resource, whatever Envoy made of it: a refused one is not sent twice. */
  #sent = new Map<string, string>();
  #answered = false;
  #awaited: Awaited | undefined;
  #last: Awaited | undefined;
  #refusal: Refusal | undefined;
  #nonces = 0;

  constructor(kind: ResourceKind) {
    this.kind = kind;
  }

  receive(request: DiscoveryRequest): RequestMeaning {
    if (request.responseNonce === "") {
      this.#subscribe(request.resourceNames);
      return { is: "subscribe" };
    }
    const last = this.#last;
    if (last === undefined || request.responseNonce !== last.nonce) return { is: "stale" };
    this.#subscribe(request.resourceNames);
    // The nonce comes again when Envoy only changes its subscription.
    if (this.#awaited === undefined) return { is: "subscribe" };
    this.#awaited = undefined;
    if (request.errorDetail === undefined) {
      this.#refusal = undefined;
      return { is: "ack", accepted: last.resources };
    }
    const error = request.errorDetail.message;
    this.#refusal = { kind: this.kind, version: last.version, error };
    return { is: "nack", ...this.#refusal };
  }

  #subscribe(names: readonly string[]): void {
    this.#names = new Set(names);
    if (RESOURCE_KINDS[this.kind].wildcard) return;
    // Envoy forgets what it leaves, so it needs it anew when it comes back.
    for (const name of this.#sent.keys()) if (!this.#names.has(name)) this.#sent.delete(name);
  }

  subscribedTo(name: string): boolean {
    return this.#names?.has(name) ?? false;
  }

  /** Makes the next response carry this resource though it has not changed. */
  forget(name: string): void {
    this.#sent.delete(name);
  }

  /** The response due now, if any. One response is under way at a time. */
  next(served: ResourceMap): DiscoveryResponse | undefined {
    if (this.#names === undefined || this.#awaited !== undefined) return undefined;
    const due = this.#due(served);
    if (due === undefined) return undefined;
    if (RESOURCE_KINDS[this.kind].wildcard) this.#sent.clear();
    for (const [name, { hash }] of due) this.#sent.set(name, hash);
    this.#answered = true;
    this.#nonces += 1;
    const version = versionOf(served);
    this.#awaited = { nonce: String(this.#nonces), version, resources: due };
    this.#last = this.#awaited;
    return create(DiscoveryResponseSchema, {
      typeUrl: RESOURCE_KINDS[this.kind].typeUrl,
      versionInfo: version,
      nonce: this.#awaited.nonce,
      resources: [...due.values()].map((resource) => resource.any),
    });
  }

  /** Whether Envoy runs with what is served, as far as it asked for it. */
  settled(served: ResourceMap): boolean {
    // Envoy always asks for clusters and listeners; for the rest only where something names them.
    if (this.#names === undefined) return !RESOURCE_KINDS[this.kind].wildcard;
    return (
      this.#awaited === undefined && this.#refusal === undefined && this.#due(served) === undefined
    );
  }

  /** Why Envoy does not run with what is served; undefined while that is not known. */
  refusal(served: ResourceMap): Refusal | undefined {
    const known = this.#awaited === undefined && this.#due(served) === undefined;
    return known ? this.#refusal : undefined;
  }

  /** A wildcard kind is always sent whole, since what is left out is removed; the others in part. */
  #due(served: ResourceMap): ResourceMap | undefined {
    const changed = ([name, { hash }]: readonly [string, Resource]) =>
      this.#sent.get(name) !== hash;
    if (RESOURCE_KINDS[this.kind].wildcard) {
      const same = this.#answered && this.#sent.size === served.size && ![...served].some(changed);
      return same ? undefined : served;
    }
    const due = [...served].filter((entry) => this.subscribedTo(entry[0]) && changed(entry));
    return due.length > 0 ? new Map(due) : undefined;
  }
}
