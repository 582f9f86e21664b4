import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { AddressSchema } from "../../../protos/gen/envoy/config/core/v3/address_pb.ts";
import { ListenerSchema } from "../../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
} from "../../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import { localResponse, refusalOf } from "./ads-proxy.ts";

const LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";

const responseOf = (typeUrl: string, ...values: Uint8Array[]): Buffer =>
  Buffer.from(
    toBinary(
      DeltaDiscoveryResponseSchema,
      create(DeltaDiscoveryResponseSchema, {
        typeUrl,
        nonce: "1",
        resources: values.map((value, i) => ({
          name: `r${i}`,
          version: "1",
          resource: create(AnySchema, { typeUrl, value }),
        })),
      }),
    ),
  );

const at = (address: string, port: number) =>
  create(AddressSchema, {
    address: {
      case: "socketAddress",
      value: { address, portSpecifier: { case: "portValue", value: port } },
    },
  });

const listening = (bytes: Buffer): string[] =>
  fromBinary(DeltaDiscoveryResponseSchema, bytes).resources.flatMap(({ resource }) => {
    const listener = fromBinary(ListenerSchema, resource?.value ?? new Uint8Array());
    return [listener, ...listener.additionalAddresses].map((each) => {
      const where = each.address?.address;
      if (where?.case !== "socketAddress") return "";
      return `${where.value.address}:${where.value.portSpecifier.value}`;
    });
  });

test("listeners on all addresses are narrowed to the Pod's; port 80's is on another too", () => {
  const listener = (address: string, port: number): Uint8Array =>
    toBinary(ListenerSchema, create(ListenerSchema, { address: at(address, port) }));
  const response = responseOf(
    LISTENER,
    listener("0.0.0.0", 10_080),
    listener("0.0.0.0", 8443),
    listener("127.0.0.1", 10_080),
  );
  expect(listening(localResponse(response, "127.18.0.2"))).toEqual([
    "127.18.0.2:10080",
    "127.18.0.2:20080",
    "127.18.0.2:8443",
    "127.0.0.1:10080",
  ]);
});

test("fields that are not known here survive", () => {
  // Field 2047, a string.
  const unknown = Buffer.concat([Buffer.from([0xfa, 0x7f, 3]), Buffer.from("abc")]);
  const known = toBinary(ListenerSchema, create(ListenerSchema, { address: at("0.0.0.0", 1) }));
  const local = localResponse(responseOf(LISTENER, Buffer.concat([known, unknown])), "127.18.0.2");
  expect(local.includes(unknown)).toBe(true);
});

test("addresses of Pods and the client certificate's files are replaced in place, nothing else", () => {
  const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)]);
  const body = Buffer.concat([
    text("198.18.7.8"),
    text("/certs/tls.crt"),
    text("/certs/ca.crt"),
    text("/etc/ssl/certs/ca-certificates.crt"),
  ]);
  const type = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
  const before = responseOf(type, body);
  const after = localResponse(before, "127.18.0.2");
  const expected = Buffer.concat([
    text("127.18.7.8"),
    text("certs//tls.crt"),
    text("certs//ca.crt"),
    text("/etc/ssl/certs/ca-certificates.crt"),
  ]);
  expect(after.equals(responseOf(type, expected))).toBe(true);
  expect(before.equals(responseOf(type, body))).toBe(true);
});

test("what Envoy refuses is told", () => {
  const request = (errorDetail?: { code: number; message: string }): Buffer =>
    Buffer.from(
      toBinary(
        DeltaDiscoveryRequestSchema,
        create(DeltaDiscoveryRequestSchema, {
          typeUrl: LISTENER,
          ...(errorDetail && { errorDetail }),
        }),
      ),
    );
  expect(refusalOf(request())).toBeUndefined();
  expect(refusalOf(request({ code: 13, message: "no such filter" }))).toMatch(
    /refused .*Listener: no such filter/,
  );
});
