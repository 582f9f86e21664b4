import type { HeaderLookup } from "../../conversation/codec.ts";
import { bytesField, Reader } from "./reader.ts";

const HEADER_MAP_HEADERS = bytesField(1);
const HEADER_KEY = bytesField(1);
const HEADER_VALUE = bytesField(2);
const HEADER_RAW_VALUE = bytesField(3);

/**
 * Headers as Envoy sent them, read only when one is asked for: of some twenty, three are. Values are
 * bytes, given as Latin-1 so that they can be written back unchanged.
 */
export function headerLookup(map: Buffer): HeaderLookup {
  return (name) => {
    const reader = new Reader(map);
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag !== HEADER_MAP_HEADERS) {
        reader.skip(tag);
        continue;
      }
      const value = reader.nested(name, valueIfNamed);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** Keys come in lower case, and before their values as every encoder writes them. */
function valueIfNamed(header: Reader, name: string): string | undefined {
  let matches = name === "";
  let value = "";
  for (let tag = header.tag(); tag !== 0; tag = header.tag()) {
    if (tag === HEADER_KEY) {
      matches = header.isText(name);
      if (!matches) return undefined;
    } else if (tag === HEADER_VALUE || tag === HEADER_RAW_VALUE) {
      const text = header.latin1();
      if (text !== "") value = text;
    } else {
      header.skip(tag);
    }
  }
  return matches ? value : undefined;
}
