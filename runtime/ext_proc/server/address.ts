import type { SocketAddress } from "./server.ts";

/**
 * Reads `tcp://127.0.0.1:1063` or `unix:///run/ext_proc.sock`.
 * @throws {Error} that says what is wrong with it.
 */
export function parseAddress(text: string): SocketAddress {
  if (text.startsWith("unix:///")) return { path: text.slice("unix://".length) };
  const match = /^tcp:\/\/(\[[0-9a-f:.]+\]|[^:/[\]]+):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port > 65_535) {
    throw new Error(`"${text}" is no address: write tcp://HOST:PORT or unix:///PATH`);
  }
  return { host: match[1].replace(/^\[|\]$/g, ""), port };
}

export const formatAddress = (at: SocketAddress): string =>
  "path" in at
    ? `unix://${at.path}`
    : `tcp://${at.host.includes(":") ? `[${at.host}]` : at.host}:${at.port}`;
