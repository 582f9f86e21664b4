/**
 * Our .proto files are a cut of Envoy's, so a slip in a number or a type would go unnoticed until
 * Envoy misread a message. Every field and enum value is held against the originals: those that
 * @grpc/grpc-js-xds ships, and for what is newer than that package the table beside this test.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DescEnum, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { fromBinary, ScalarType, toBinary } from "@bufbuild/protobuf";
import protobuf from "protobufjs";
import { ClusterSchema } from "../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { RouterSchema } from "../../protos/gen/envoy/extensions/filters/http/router/v3/router_pb.ts";
import { HttpFilterSchema } from "../../protos/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.ts";
import { files } from "../../protos/gen/files.ts";
import { messageFromJson, messageToJson, packAny, unpackAny } from "../../protos/registry.ts";
import { newerThanShipped } from "./protos.newer.ts";

const deps = join(dirname(require.resolve("@grpc/grpc-js-xds/package.json")), "deps");
const roots = ["envoy-api", "xds", "googleapis"].map((name) => join(deps, name));

/** Members by name: a field as `oneof label type = number`, an enum value as its number. */
type Members = Record<string, string>;

const scalarNames = new Map(Object.entries(ScalarType).map(([name, value]) => [value, name]));
const scalar = (type: ScalarType) => String(scalarNames.get(type)).toLowerCase();

function ourField(field: DescField): string {
  const named = field.message?.typeName ?? field.enum?.typeName;
  const type = named ?? scalar(field.scalar as ScalarType);
  const label =
    field.fieldKind === "map"
      ? `map<${scalar(field.mapKey)}>`
      : field.fieldKind === "list"
        ? "repeated"
        : field.proto.proto3Optional
          ? "optional"
          : "single";
  return `${oneofName(field.oneof)}${label} ${type} = ${field.number}`;
}

const oneofName = (oneof: DescOneof | undefined) => (oneof ? `${oneof.name}: ` : "");

function ourMembers(desc: DescMessage | DescEnum): Members {
  return desc.kind === "enum"
    ? Object.fromEntries(desc.values.map((value) => [value.name, String(value.number)]))
    : Object.fromEntries(desc.fields.map((field) => [field.name, ourField(field)]));
}

function withNested(message: DescMessage): (DescMessage | DescEnum)[] {
  return [message, ...message.nestedEnums, ...message.nestedMessages.flatMap(withNested)];
}

const ourTypes = files.flatMap((file) => [...file.enums, ...file.messages.flatMap(withNested)]);

/** The originals of our files, as far as they are shipped; what they import beyond is not followed. */
function loadShipped(): protobuf.Root {
  const root = new protobuf.Root();
  for (const file of files) {
    const path = roots.map((dir) => join(dir, `${file.name}.proto`)).find(existsSync);
    if (path) protobuf.parse(readFileSync(path, "utf8"), root, { keepCase: true });
  }
  return root;
}

function shippedField(field: protobuf.Field): string {
  const type = resolvedName(field);
  const label =
    field instanceof protobuf.MapField
      ? `map<${field.keyType}>`
      : field.repeated
        ? "repeated"
        : field.options?.proto3_optional
          ? "optional"
          : "single";
  const oneof = label === "optional" ? null : field.partOf;
  return `${oneof ? `${oneof.name}: ` : ""}${label} ${type} = ${field.id}`;
}

function resolvedName(field: protobuf.Field): string {
  const found = field.parent?.lookup(field.type, [protobuf.Type, protobuf.Enum]);
  return (found?.fullName ?? field.type).replace(/^\./, "");
}

function shippedMembers(found: protobuf.ReflectionObject | null): Members {
  if (found instanceof protobuf.Enum) {
    return Object.fromEntries(
      Object.entries(found.values).map(([name, value]) => [name, String(value)]),
    );
  }
  if (!(found instanceof protobuf.Type)) return {};
  return Object.fromEntries(found.fieldsArray.map((field) => [field.name, shippedField(field)]));
}

const shipped = loadShipped();
const original = (typeName: string): Members => ({
  ...shippedMembers(shipped.lookup(typeName, [protobuf.Type, protobuf.Enum])),
  ...newerThanShipped[typeName],
});

test("there is something to compare", () => {
  expect(ourTypes.length).toBeGreaterThan(500);
  expect(Object.keys(original("envoy.config.cluster.v3.Cluster")).length).toBeGreaterThan(40);
});

test.each(ourTypes.map((desc) => [desc.typeName, desc] as const))("%s", (typeName, desc) => {
  const members = ourMembers(desc);
  const theirs = original(typeName);
  const expected = Object.fromEntries(Object.keys(members).map((name) => [name, theirs[name]]));
  expect(members).toEqual(expected);
});

test("the table of newer members holds only what is spoken here and not shipped", () => {
  const spoken = new Map(ourTypes.map((desc) => [desc.typeName, ourMembers(desc)]));
  const needless = Object.entries(newerThanShipped).flatMap(([typeName, members]) => {
    const known = shippedMembers(shipped.lookup(typeName, [protobuf.Type, protobuf.Enum]));
    return Object.entries(members)
      .filter(
        ([name, value]) => known[name] === value || spoken.get(typeName)?.[name] === undefined,
      )
      .map(([name]) => `${typeName}.${name}`);
  });
  expect(needless).toEqual([]);
});

test("fields that we have cut away survive a round trip", () => {
  const bytes = Uint8Array.of(0x0a, 0x01, 0x78, 0xc2, 0x3e, 0x02, 0x68, 0x69); // name, field 1000
  const cluster = fromBinary(ClusterSchema, bytes);
  expect(cluster.name).toBe("x");
  expect(toBinary(ClusterSchema, cluster)).toEqual(bytes);
});

test("an Any is packed under Envoy's type URL, unpacked only as its own type, and printed whole", () => {
  const any = packAny(RouterSchema, { suppressEnvoyHeaders: true });
  expect(any.typeUrl).toBe("type.googleapis.com/envoy.extensions.filters.http.router.v3.Router");
  expect(unpackAny(any, RouterSchema)?.suppressEnvoyHeaders).toBe(true);
  expect(unpackAny(any, ClusterSchema)).toBeUndefined();
  const json = { typedConfig: { "@type": any.typeUrl, suppressEnvoyHeaders: true } };
  const filter = messageFromJson(HttpFilterSchema, json);
  expect(messageToJson(HttpFilterSchema, filter)).toEqual(json);
});

test("JSON with a field or a type that is not ours is refused", () => {
  expect(() => messageFromJson(ClusterSchema, { no_such_field: 1 })).toThrow(/no_such_field/);
  const unknown = { typed_config: { "@type": "type.googleapis.com/no.such.Type" } };
  expect(() => messageFromJson(HttpFilterSchema, unknown)).toThrow(/no\.such\.Type/);
});
