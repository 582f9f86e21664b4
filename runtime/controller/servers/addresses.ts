import { lookup } from "node:dns/promises";

/** How long an address is used before its name is asked again. */
const FRESH_MS = 10_000;
const LOOKUP_MS = 2000;

/** Addresses of host names, for what Envoy takes by address only. */
export interface Addresses {
  /** Looks up what is not known, or not any more. Never rejects. */
  refresh(hosts: Iterable<string>): Promise<void>;
  /** The address that was found last; one that cannot be looked up again stays. */
  of(host: string): string | undefined;
}

export function createAddresses(
  find: (host: string) => Promise<string> = async (host) => (await lookup(host)).address,
): Addresses {
  const known = new Map<string, { address: string | undefined; at: number }>();
  const ask = async (host: string): Promise<void> => {
    const before = known.get(host);
    if (before !== undefined && Date.now() - before.at < FRESH_MS) return;
    const address = await Promise.race([find(host).catch(() => undefined), pause(LOOKUP_MS)]);
    known.set(host, { address: address ?? before?.address, at: Date.now() });
  };
  return {
    refresh: async (hosts) => void (await Promise.all([...new Set(hosts)].map(ask))),
    of: (host) => known.get(host)?.address,
  };
}

const pause = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
