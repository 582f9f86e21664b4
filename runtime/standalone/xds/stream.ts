/** One ADS stream: the subscriptions of one connected Envoy. No I/O of its own; it is given a way to send. */
import type {
  DiscoveryRequest,
  DiscoveryResponse,
} from "../../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import {
  kindOfTypeUrl,
  type ResourceKind,
  type ResourceMap,
  type ServedResources,
} from "./resources.ts";
import { type Refusal, Subscription } from "./subscription.ts";

/** Responses leave in this order: what others refer to goes first. */
const SEND_ORDER: readonly ResourceKind[] = [
  "clusters",
  "endpoints",
  "secrets",
  "listeners",
  "routes",
];

export class AdsStream {
  readonly #send: (response: DiscoveryResponse) => void;
  readonly #subscriptions: ReadonlyMap<ResourceKind, Subscription>;
  /** Hash of each cluster that this Envoy has taken. */
  #clusters: ReadonlyMap<string, string> = new Map();

  constructor(send: (response: DiscoveryResponse) => void) {
    this.#send = send;
    this.#subscriptions = new Map(SEND_ORDER.map((kind) => [kind, new Subscription(kind)]));
  }

  /** Takes in a request; returns the refusal if it was one. Requests for other types are ignored. */
  receive(request: DiscoveryRequest): Refusal | undefined {
    const kind = kindOfTypeUrl(request.typeUrl);
    const subscription = kind && this.#subscriptions.get(kind);
    if (!subscription) return undefined;
    const meaning = subscription.receive(request);
    if (meaning.is === "ack" && kind === "clusters") this.#clustersTaken(meaning.accepted);
    return meaning.is === "nack" ? meaning : undefined;
  }

  /** A changed EDS cluster waits for its endpoints to be sent again, though they are the same. */
  #clustersTaken(accepted: ResourceMap): void {
    for (const [name, { hash, edsName }] of accepted) {
      if (edsName !== undefined && this.#clusters.get(name) !== hash) {
        this.#subscriptions.get("endpoints")?.forget(edsName);
      }
    }
    this.#clusters = new Map([...accepted].map(([name, { hash }]) => [name, hash]));
  }

  /** Sends whatever Envoy lacks. */
  flush(served: ServedResources): void {
    for (const [kind, subscription] of this.#subscriptions) {
      const response = subscription.next(served[kind]);
      if (response) this.#send(response);
    }
  }

  settled(served: ServedResources): boolean {
    return [...this.#subscriptions].every(([kind, it]) => it.settled(served[kind]));
  }

  subscribedTo(kind: ResourceKind, name: string): boolean {
    return this.#subscriptions.get(kind)?.subscribedTo(name) ?? false;
  }

  refusal(served: ServedResources): Refusal | undefined {
    for (const [kind, subscription] of this.#subscriptions) {
      const refusal = subscription.refusal(served[kind]);
      if (refusal) return refusal;
    }
    return undefined;
  }
}
