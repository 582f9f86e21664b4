import { createServer, type Server } from "node:net";

/**
 * Addresses of Pods. The API server takes no loopback addresses for endpoints, and a process of a
 * plain user can bind no others. So a Pod has two: 198.18.x.y (set apart for benchmarks, nobody's)
 * in the API, 127.18.x.y on this machine. Both have the same length as text, so that one can stand in
 * for the other in place.
 */
const API_PREFIX = "198.18.";
const LOCAL_PREFIX = "127.18.";
/** Held by the cluster whose block it is. */
const LOCK_PORT = 10_250;
const BLOCKS = 255;
const HOSTS = 254;

export const toLocal = (address: string): string =>
  address.startsWith(API_PREFIX) ? LOCAL_PREFIX + address.slice(API_PREFIX.length) : address;

export const toApi = (address: string): string =>
  address.startsWith(LOCAL_PREFIX) ? API_PREFIX + address.slice(LOCAL_PREFIX.length) : address;

/** 253 addresses that no other cluster on this machine has. */
export interface AddressBlock {
  /** Of the node itself. */
  readonly node: string;
  /** A local address that nobody has. @throws where all are taken. */
  take(): string;
  giveBack(address: string): void;
  release(): Promise<void>;
}

/** @throws where every block is taken. */
export async function reserveBlock(): Promise<AddressBlock> {
  const first = Math.floor(Math.random() * BLOCKS);
  for (let i = 0; i < BLOCKS; i += 1) {
    const block = (first + i) % BLOCKS;
    const node = `${LOCAL_PREFIX}${block}.1`;
    const lock = await tryListen(node, LOCK_PORT);
    if (lock === undefined) continue;
    const hosts = pool(`${LOCAL_PREFIX}${block}.`);
    return {
      node,
      ...hosts,
      release: () => new Promise((resolve) => lock.close(() => resolve())),
    };
  }
  throw new Error(`no block of addresses is free below ${LOCAL_PREFIX}0.0`);
}

/** Hands out addresses in turn, so that one given back is not somebody else's the moment after. */
function pool(prefix: string): Pick<AddressBlock, "take" | "giveBack"> {
  const taken = new Set<string>();
  let last = 1;
  return {
    take() {
      for (let i = 0; i < HOSTS; i += 1) {
        last = last >= HOSTS ? 2 : last + 1;
        const address = `${prefix}${last}`;
        if (taken.has(address)) continue;
        taken.add(address);
        return address;
      }
      throw new Error(`all addresses of ${prefix}0/24 are taken`);
    },
    giveBack: (address) => void taken.delete(address),
  };
}

const tryListen = (host: string, port: number): Promise<Server | undefined> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => resolve(server));
    server.unref();
  });
