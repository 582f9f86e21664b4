import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import { ClusterSchema } from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import {
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  type DiscoveryResponse,
  DiscoveryResponseSchema,
} from "../../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import { FakeEnvoy, type FakeEnvoyOptions } from "../../../test/support/fake-envoy.ts";
import type { XdsSnapshot } from "./resources.ts";
import { type AdsAddress, type AdsServer, startAds } from "./server.ts";

const METHOD = "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";

/** A fake Envoy over real gRPC. */
function dial(address: AdsAddress, options: FakeEnvoyOptions = {}) {
  const target = "path" in address ? `unix:${address.path}` : `${address.host}:${address.port}`;
  const client = new Client(target, credentials.createInsecure());
  const stream: ClientDuplexStream<DiscoveryRequest, DiscoveryResponse> =
    client.makeBidiStreamRequest(
      METHOD,
      (request: DiscoveryRequest) => Buffer.from(toBinary(DiscoveryRequestSchema, request)),
      (bytes: Buffer) => fromBinary(DiscoveryResponseSchema, bytes),
    );
  const envoy = new FakeEnvoy((request) => void stream.write(request), options);
  stream.on("data", (response: DiscoveryResponse) => envoy.receive(response));
  const closed = new Promise((resolve) => stream.on("error", resolve));
  envoy.start();
  return { envoy, closed, hangUp: () => client.close(), cancel: () => stream.cancel() };
}

const snapshot = (...names: string[]): XdsSnapshot => ({
  clusters: names.map((name) => create(ClusterSchema, { name })),
  endpoints: [],
  listeners: [],
  routes: [],
  secrets: [],
});

let folder: string;
let server: AdsServer | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ads-"));
});
afterEach(() => server?.close());
afterAll(() => rm(folder, { recursive: true, force: true }));

test("serves on a Unix socket that only this user can open", async () => {
  const path = join(folder, "one.sock");
  server = await startAds({ socketPath: path });
  expect(server.address).toEqual({ path });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const { envoy, hangUp } = dial(server.address);
  expect(await server.set(snapshot("a"))).toEqual({ ok: true });
  expect([...envoy.clusters.keys()]).toEqual(["a"]);
  hangUp();
});

test("serves on loopback, and tells of refusals", async () => {
  server = await startAds();
  expect(server.address).toMatchObject({ host: "127.0.0.1" });
  const heard: string[] = [];
  const stopListening = server.onNack(({ error }) => heard.push(error));
  const { hangUp } = dial(server.address, { refuses: { name: "bad", text: "not this one" } });
  expect(await server.set(snapshot("bad"))).toMatchObject({ ok: false, error: "not this one" });
  stopListening();
  await server.set(snapshot("bad"));
  expect(heard).toEqual(["not this one"]);
  hangUp();
});

test("a client that went away is not waited for", async () => {
  server = await startAds();
  const gone = dial(server.address);
  await server.set(snapshot("a"));
  gone.cancel();
  await gone.closed;
  const { envoy, hangUp } = dial(server.address);
  expect(await server.set(snapshot("a", "b"))).toEqual({ ok: true });
  expect([...envoy.clusters.keys()]).toEqual(["a", "b"]);
  expect([...gone.envoy.clusters.keys()]).toEqual(["a"]);
  hangUp();
});

test("a socket that cannot be had is an error", async () => {
  jest.spyOn(console, "error").mockImplementationOnce(() => {}); // grpc-js says it too
  await expect(startAds({ socketPath: join(folder, "no", "such.sock") })).rejects.toThrow(
    /ENOENT|EACCES/,
  );
});
