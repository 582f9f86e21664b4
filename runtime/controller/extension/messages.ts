import {
  create,
  type DescMessage,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { messageFromJson, typeUrl } from "../../../protos/registry.ts";
import type { JsonObject } from "../xds/json.ts";

/** Bytes of a message that is built in JSON form. */
export const bytesOf = (schema: DescMessage, json: JsonObject): Uint8Array =>
  toBinary(schema, messageFromJson(schema, json));

/** Reads the message inside an Any, lets it be changed, and packs it again under its own type. */
export function editAny<Desc extends DescMessage>(
  any: Any,
  schema: Desc,
  edit: (message: MessageShape<Desc>) => void,
): Any {
  const message = fromBinary(schema, any.value);
  edit(message);
  return create(AnySchema, { typeUrl: typeUrl(schema), value: toBinary(schema, message) });
}

/** Is this a message of that type? */
export const holds = (any: Any | undefined, schema: DescMessage): any is Any =>
  any !== undefined && any.typeUrl === typeUrl(schema);
