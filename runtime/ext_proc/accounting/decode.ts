import { bytesField, type Reader } from "../wire/reader.ts";

/** ResourceLogs, ScopeLogs, LogRecord, its body, its text. */
const PATH = [1, 2, 2, 5, 1].map(bytesField);

/**
 * The bodies of the records of an OTLP `ExportLogsServiceRequest`, of those that are texts. All else of it is
 * passed over.
 *
 * @throws {WireError} where the bytes are no such message.
 */
export function readLogBodies(request: Reader): string[] {
  const bodies: string[] = [];
  collect(request, 0, bodies);
  return bodies;
}

function collect(message: Reader, depth: number, bodies: string[]): void {
  for (let tag = message.tag(); tag !== 0; tag = message.tag()) {
    if (tag !== PATH[depth]) message.skip(tag);
    else if (depth === PATH.length - 1) bodies.push(message.utf8());
    else collect(message.message(), depth + 1, bodies);
  }
}
