import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { type Answer, decode, encode, type Packet } from "dns-packet";
import type { KubeObject } from "../kube/client.ts";
import { toLocal } from "./addresses.ts";
import { addressesOf } from "./endpoints.ts";

/** Seconds that answers hold: Pods come and go. */
const TTL = 1;
const SERVICE_NAME = /^([^.]+)\.([^.]+)\.svc(?:\.cluster\.local)?$/;

interface Spec {
  publishNotReadyAddresses?: boolean;
}

/** What names are answered from. */
export interface Names {
  /** By `namespace/name`. */
  services(): ReadonlyMap<string, KubeObject>;
  endpointSlices(): Iterable<KubeObject>;
  /** Addresses that a test gave to names. */
  hosts: ReadonlyMap<string, string>;
}

export interface NameServer {
  /** `host:port`, over UDP. */
  readonly address: string;
  close(): Promise<void>;
}

/** Answers for Services, for the names that tests gave, and for all others as this machine does. */
export async function startNameServer(host: string, names: Names): Promise<NameServer> {
  const socket = createSocket("udp4");
  socket.on("message", (message, { port, address }) => {
    void answer(message, names).then(
      (bytes) => socket.send(bytes, port, address),
      // A question that cannot be read gets no answer.
      () => {},
    );
  });
  await new Promise<void>((resolve) => socket.bind({ address: host, port: 0 }, resolve));
  return {
    address: `${host}:${socket.address().port}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

async function answer(message: Buffer, names: Names): Promise<Buffer> {
  const query = decode(message) as Packet & { id: number };
  const answers: Answer[] = [];
  let known = false;
  for (const { name, type } of query.questions ?? []) {
    const addresses = await resolveName(name.toLowerCase().replace(/\.$/, ""), names);
    known ||= addresses !== undefined;
    if (type !== "A") continue;
    for (const data of addresses ?? []) answers.push({ name, type: "A", ttl: TTL, data });
  }
  const NX_DOMAIN = 3;
  return encode({
    type: "response",
    id: query.id,
    // Authoritative, recursion desired and available, and the code.
    flags: 0x0400 | 0x0100 | 0x0080 | (known ? 0 : NX_DOMAIN),
    questions: query.questions ?? [],
    answers,
  });
}

/** IPv4 addresses of a name, or undefined where there is no such name. */
export async function resolveName(name: string, names: Names): Promise<string[] | undefined> {
  const host = names.hosts.get(name);
  if (host !== undefined) return [host];
  if (name === "localhost" || name.endsWith(".localhost")) return ["127.0.0.1"];
  const service = serviceOf(name, names.services());
  if (service !== undefined) {
    // There is no proxy for Services: all of them give the addresses of their endpoints.
    const { publishNotReadyAddresses: notReady = false } = service.spec as Spec;
    return addressesOf(service, names.endpointSlices(), { notReady }).map(toLocal);
  }
  if (SERVICE_NAME.test(name) || !name.includes(".")) return undefined;
  const found = await lookup(name, { all: true, family: 4 }).catch(() => undefined);
  return found?.map(({ address }) => address);
}

/** The Service of a whole name, or the only one of a short name. */
function serviceOf(name: string, services: ReadonlyMap<string, KubeObject>) {
  const [, short, namespace] = SERVICE_NAME.exec(name) ?? [];
  if (short !== undefined) return services.get(`${namespace}/${short}`);
  if (name.includes(".")) return undefined;
  const found = [...services.values()].filter(({ metadata }) => metadata.name === name);
  return found.length === 1 ? found[0] : undefined;
}
