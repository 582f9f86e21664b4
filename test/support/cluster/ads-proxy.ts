import { readFile } from "node:fs/promises";
import path from "node:path";
import { clone, create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  credentials,
  type handleBidiStreamingCall,
  makeClientConstructor,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
} from "@grpc/grpc-js";
import {
  type Address,
  AddressSchema,
} from "../../../protos/gen/envoy/config/core/v3/address_pb.ts";
import {
  AdditionalAddressSchema,
  type Listener,
  ListenerSchema,
} from "../../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
} from "../../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import { SIDECAR_SOCKET } from "../../../runtime/manifests/names.ts";
import { PORT_80_FOR_FETCH, PORT_80_OF_ENVOY_GATEWAY } from "./ports.ts";

/**
 * Envoy Gateway tells every Envoy to listen on all addresses, since a Pod has its own. Here Pods share
 * a machine: this stands between the two and narrows the listeners to the Pod's address, translates
 * addresses of endpoints, and points files of the rate limit's client certificate into the Pod's
 * folder, as the socket of an ext_proc beside it. All else passes byte by byte.
 */
export interface AdsProxyOptions {
  /** Unix socket on which Envoy connects. */
  socket: string;
  /** Envoy Gateway's address, host:port, as it is now. */
  target: () => Promise<string>;
  /** Folder of the certificates with which Envoy Gateway is spoken to. */
  certificates: string;
  /** Local address of the Pod. */
  address: string;
  /** Told what Envoy refused, and why. */
  refused: (message: string) => void;
}

export interface AdsProxy {
  close(): void;
}

const SERVICE = "/envoy.service.discovery.v3.AggregatedDiscoveryService";
const LISTENER_TYPE = "type.googleapis.com/envoy.config.listener.v3.Listener";
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

const asIs = (bytes: Buffer): Buffer => bytes;
const ads: ServiceDefinition = {
  DeltaAggregatedResources: {
    path: `${SERVICE}/DeltaAggregatedResources`,
    requestStream: true,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};
const AdsClient = makeClientConstructor(ads, "AggregatedDiscoveryService");

export async function startAdsProxy(options: AdsProxyOptions): Promise<AdsProxy> {
  const pass: handleBidiStreamingCall<Buffer, Buffer> = (downstream) => {
    const fail = (code: status, details: string): void => {
      downstream.emit("error", { code, details });
    };
    connect(options).then(
      (client) => {
        const method = client.DeltaAggregatedResources?.bind(client) as unknown as (
          metadata: typeof downstream.metadata,
        ) => import("@grpc/grpc-js").ClientDuplexStream<Buffer, Buffer>;
        const upstream = method(downstream.metadata);
        downstream.on("data", (request: Buffer) => {
          const refusal = refusalOf(request);
          if (refusal !== undefined) options.refused(refusal);
          upstream.write(request);
        });
        downstream.on("end", () => upstream.end());
        downstream.on("cancelled", () => upstream.cancel());
        upstream.on("data", (response: Buffer) => {
          downstream.write(localResponse(response, options.address));
        });
        // A server that ends in good order ends its streams: Envoy is to look for the next one.
        upstream.on("end", () => {
          client.close();
          downstream.end();
        });
        upstream.on("error", (error: { code?: status; details?: string }) => {
          client.close();
          fail(error.code ?? status.UNAVAILABLE, error.details ?? "");
        });
      },
      (error: Error) => fail(status.UNAVAILABLE, error.message),
    );
  };
  const server = new Server(UNLIMITED);
  server.addService(ads, { DeltaAggregatedResources: pass });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${options.socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return { close: () => server.forceShutdown() };
}

async function connect({ target, certificates }: AdsProxyOptions) {
  const [address, ca, key, cert] = await Promise.all([
    target(),
    readFile(path.join(certificates, "ca.crt")),
    readFile(path.join(certificates, "tls.key")),
    readFile(path.join(certificates, "tls.crt")),
  ]);
  return new AdsClient(address, credentials.createSsl(ca, key, cert), {
    ...UNLIMITED,
    "grpc.ssl_target_name_override": "envoy-gateway",
  });
}

/** What Envoy says in refusing a configuration; undefined where it does not. */
export function refusalOf(request: Buffer): string | undefined {
  const { errorDetail, typeUrl } = fromBinary(DeltaDiscoveryRequestSchema, request);
  return errorDetail === undefined ? undefined : `Envoy refused ${typeUrl}: ${errorDetail.message}`;
}

/** The response as Envoy in the Pod with this local address may have it. */
export function localResponse(bytes: Buffer, address: string): Buffer {
  if (!bytes.includes(LISTENER_TYPE)) return inPlace(bytes);
  const response = fromBinary(DeltaDiscoveryResponseSchema, bytes);
  for (const { resource } of response.resources) {
    if (resource?.typeUrl !== LISTENER_TYPE) continue;
    const listener = fromBinary(ListenerSchema, resource.value);
    narrow(listener, address);
    resource.value = toBinary(ListenerSchema, listener);
  }
  return inPlace(Buffer.from(toBinary(DeltaDiscoveryResponseSchema, response)));
}

function narrow(listener: Listener, address: string): void {
  for (const each of [listener, ...listener.additionalAddresses]) {
    const at = each.address?.address;
    if (at?.case !== "socketAddress" || at.value.address !== "0.0.0.0") continue;
    at.value.address = address;
    const port = at.value.portSpecifier;
    if (port.case !== "portValue" || port.value !== PORT_80_OF_ENVOY_GATEWAY) continue;
    const other = clone(AddressSchema, each.address as Address);
    if (other.address.case !== "socketAddress") continue;
    other.address.value.portSpecifier = { case: "portValue", value: PORT_80_FOR_FETCH };
    listener.additionalAddresses.push(create(AdditionalAddressSchema, { address: other }));
  }
}

const IN_PLACE: readonly [string, string][] = [
  ["198.18.", "127.18."],
  // With the length that stands before: other paths may have these in their middle.
  ["\x0e/certs/tls.crt", "\x0ecerts//tls.crt"],
  ["\x0e/certs/tls.key", "\x0ecerts//tls.key"],
  ["\x0d/certs/ca.crt", "\x0dcerts//ca.crt"],
  [SIDECAR_SOCKET, SIDECAR_SOCKET.slice(1).replace("/", "//")],
];

/** Texts of the same length in place of others, so that no length of the encoding changes. */
function inPlace(bytes: Buffer): Buffer {
  let copy: Buffer | undefined;
  for (const [from, to] of IN_PLACE) {
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + from.length)) {
      copy ??= Buffer.from(bytes);
      copy.write(to, at, "latin1");
    }
  }
  return copy ?? bytes;
}
