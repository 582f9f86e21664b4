import { ConnectionError, ErrorCode } from "./errors.ts";
import { DEFAULT_FRAME_SIZE, Setting } from "./frames.ts";

/** What the peer says of itself, as far as it concerns us. */
export interface PeerSettings {
  initialWindowSize: number;
  maxFrameSize: number;
  /** It has said how large a table for our headers may be, and was not answered. */
  resizesTable: boolean;
}

export const DEFAULT_SETTINGS: PeerSettings = {
  initialWindowSize: 65_535,
  maxFrameSize: DEFAULT_FRAME_SIZE,
  resizesTable: false,
};

const ENTRY_BYTES = 6;

/** @throws {ConnectionError} for values that are out of their bounds. */
export function readSettings(payload: Buffer, before: PeerSettings): PeerSettings {
  if (payload.length % ENTRY_BYTES !== 0) {
    throw new ConnectionError(ErrorCode.frameSize, "settings of a wrong size");
  }
  const settings = { ...before };
  for (let at = 0; at < payload.length; at += ENTRY_BYTES) {
    const value = payload.readUInt32BE(at + 2);
    switch (payload.readUInt16BE(at)) {
      case Setting.headerTableSize:
        settings.resizesTable = true;
        break;
      case Setting.enablePush:
        within(value, 0, 1);
        break;
      case Setting.initialWindowSize:
        within(value, 0, 2 ** 31 - 1, ErrorCode.flowControl);
        settings.initialWindowSize = value;
        break;
      case Setting.maxFrameSize:
        within(value, DEFAULT_FRAME_SIZE, 2 ** 24 - 1);
        settings.maxFrameSize = value;
        break;
    }
  }
  return settings;
}

function within(
  value: number,
  least: number,
  most: number,
  code: number = ErrorCode.protocol,
): void {
  if (value < least || value > most) {
    throw new ConnectionError(code, `a setting of ${value}, not from ${least} to ${most}`);
  }
}
