/** The ADS server: `Ads` behind gRPC, on a Unix socket or on loopback. */
import { chmod } from "node:fs/promises";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import {
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  type DiscoveryResponse,
  DiscoveryResponseSchema,
} from "../../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import { Ads, type AdsOptions, type Outcome } from "./ads.ts";
import type { XdsSnapshot } from "./resources.ts";
import type { Refusal } from "./subscription.ts";

/** Where the server listens, as a bootstrap has to name it. */
export type AdsAddress =
  | { readonly path: string }
  | { readonly host: "127.0.0.1"; readonly port: number };

export interface AdsServerOptions extends AdsOptions {
  /**
   * Path of a Unix socket in an existing folder, readable by this user alone; absent: a free TCP
   * port on loopback, which every local user can read secrets from.
   */
  readonly socketPath?: string;
}

export interface AdsServer {
  readonly address: AdsAddress;
  /** See `Ads.set`. */
  set(snapshot: XdsSnapshot): Promise<Outcome>;
  /** See `Ads.onRefusal`. */
  onNack(listener: (refusal: Refusal) => void): () => void;
  /** Ends every stream and stops listening. */
  close(): Promise<void>;
}

/** grpc-js takes functions on Buffers where generated code has schemas. */
const ADS_SERVICE = {
  streamAggregatedResources: {
    path: "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources",
    requestStream: true,
    responseStream: true,
    requestSerialize: (request: DiscoveryRequest) =>
      Buffer.from(toBinary(DiscoveryRequestSchema, request)),
    requestDeserialize: (bytes: Buffer) => fromBinary(DiscoveryRequestSchema, bytes),
    responseSerialize: (response: DiscoveryResponse) =>
      Buffer.from(toBinary(DiscoveryResponseSchema, response)),
    responseDeserialize: (bytes: Buffer) => fromBinary(DiscoveryResponseSchema, bytes),
  },
} satisfies ServiceDefinition;

/** Starts listening. Rejects when the socket or port cannot be had. */
export async function startAds(options: AdsServerOptions = {}): Promise<AdsServer> {
  const ads = new Ads(options);
  const server = new Server();
  server.addService(ADS_SERVICE, {
    streamAggregatedResources(call: ServerDuplexStream<DiscoveryRequest, DiscoveryResponse>) {
      const stream = ads.connect((response) => void call.write(response));
      call.on("data", (request: DiscoveryRequest) => stream.receive(request));
      call.on("cancelled", () => stream.disconnect());
      call.on("error", () => stream.disconnect());
      call.on("end", () => {
        stream.disconnect();
        call.end();
      });
    },
  });
  const address = await listen(server, options.socketPath);
  return {
    address,
    set: (snapshot) => ads.set(snapshot),
    onNack: (listener) => ads.onRefusal(listener),
    async close() {
      ads.close();
      server.forceShutdown();
    },
  };
}

async function listen(server: Server, socketPath: string | undefined): Promise<AdsAddress> {
  const target = socketPath === undefined ? "127.0.0.1:0" : `unix:${socketPath}`;
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(target, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  if (socketPath === undefined) return { host: "127.0.0.1", port };
  await chmod(socketPath, 0o600);
  return { path: socketPath };
}
