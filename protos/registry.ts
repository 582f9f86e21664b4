/**
 * What the generated messages need around them: packing into `google.protobuf.Any`, and the registry
 * that lets protobuf JSON see through an Any.
 */
import {
  create,
  createRegistry,
  type DescMessage,
  fromJson,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { type Any, anyIs, anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import { files } from "./gen/files.ts";

/** Every message type of ours, by full name. */
export const typeRegistry: Registry = createRegistry(...files);

/** The URL under which Envoy knows a type, in an Any and as a kind of xDS resource. */
export function typeUrl(schema: DescMessage): string {
  return `type.googleapis.com/${schema.typeName}`;
}

/** Packs a message into an Any. The bytes follow the order in which map entries were inserted. */
export function packAny<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): Any {
  return anyPack(schema, create(schema, init));
}

/** The message inside an Any, or undefined when it holds another type. */
export function unpackAny<Desc extends DescMessage>(
  any: Any,
  schema: Desc,
): MessageShape<Desc> | undefined {
  return anyIs(any, schema) ? anyUnpack(any, schema) : undefined;
}

/** Protobuf JSON of a message, with every Any inside it spelled out. */
export function messageToJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
): JsonValue {
  return toJson(schema, message, { registry: typeRegistry });
}

/** Reads protobuf JSON, field names in either case. Throws on a field or a type that is not ours. */
export function messageFromJson<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
): MessageShape<Desc> {
  return fromJson(schema, json, { registry: typeRegistry });
}
