import type { Prefixes } from "../../endpoints/prefixes.ts";
import type { SocketAddress } from "../xds/ext-proc.ts";

export interface ExtensionOptions {
  prefixes: Prefixes;
  /** Bytes of a request body that may be held; failover stops above it, and so do we. */
  bufferBytes: number;
  /** The common external processor: a host name that is resolved to all its replicas, or a socket. */
  extProc: SocketAddress;
  /** That of a Gateway's (`namespace/name`) own, where a plan says that it serves. */
  ownExtProc?: (gateway: string) => SocketAddress;
  /** Path of the socket of the one beside an Envoy, where a plan says that there is one. */
  sidecarSocket?: string;
  /** The accounting server of a Gateway (`namespace/name`); undefined: finished requests are not reported. */
  accounting: (gateway: string) => SocketAddress | undefined;
  /** The address of a host name, where Envoy takes no name: forward proxies. */
  resolve?: (host: string) => string | undefined;
}
