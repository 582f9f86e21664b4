import { bytesField, type Reader } from "../wire/reader.ts";

const FIRST = bytesField(1);
const SECOND = bytesField(2);
const BODY = bytesField(5);

/**
 * The bodies of the records of an OTLP `ExportLogsServiceRequest`, of those that are texts. All else of it is
 * passed over.
 *
 * @throws {WireError} where the bytes are no such message.
 */
export function readLogBodies(request: Reader): string[] {
  const bodies: string[] = [];
  within(request, FIRST, (resource) =>
    within(resource, SECOND, (scope) =>
      within(scope, SECOND, (record) =>
        within(record, BODY, (value) => {
          for (let tag = value.tag(); tag !== 0; tag = value.tag()) {
            if (tag === FIRST) bodies.push(value.utf8());
            else value.skip(tag);
          }
        }),
      ),
    ),
  );
  return bodies;
}

/** Reads each message in this field. */
function within(reader: Reader, field: number, read: (message: Reader) => void): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === field) read(reader.message());
    else reader.skip(tag);
  }
}
