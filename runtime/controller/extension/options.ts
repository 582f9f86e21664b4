import type { Prefixes } from "../../endpoints/prefixes.ts";
import type { SocketAddress } from "../xds/ext-proc.ts";

export interface ExtensionOptions {
  prefixes: Prefixes;
  /** Bytes of a request body that may be held; failover stops above it, and so do we. */
  bufferBytes: number;
  /**
   * The external processor of a Gateway (`namespace/name`): a host name that is resolved to all its
   * replicas, or the path of a socket beside Envoy.
   */
  extProc: (gateway: string) => SocketAddress;
  /** The accounting server of a Gateway; undefined: finished requests are not reported. */
  accounting: (gateway: string) => SocketAddress | undefined;
  /** The address of a host name, where Envoy takes no name: forward proxies. */
  resolve?: (host: string) => string | undefined;
}
