import { createSocket } from "node:dgram";
import { decode, encode, type Packet } from "dns-packet";
import type { KubeObject } from "../kube/client.ts";
import { type NameServer, resolveName, startNameServer } from "./dns.ts";

const service = (namespace: string, name: string, spec: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { namespace, name },
  spec,
});
const slice = (namespace: string, name: string, ...endpoints: [string, boolean][]): KubeObject => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { namespace, name, labels: { "kubernetes.io/service-name": name } },
  endpoints: endpoints.map(([address, ready]) => ({
    addresses: [address],
    conditions: { ready },
  })),
});

const services = new Map(
  [
    service("a", "web"),
    service("b", "web"),
    service("a", "only"),
    service("a", "early", { publishNotReadyAddresses: true }),
  ].map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]),
);
const slices = [
  slice("a", "web", ["198.18.0.3", true], ["198.18.0.2", true], ["198.18.0.4", false]),
  slice("a", "web", ["198.18.0.2", true]),
  slice("b", "web", ["198.18.0.9", true]),
  slice("a", "early", ["198.18.0.5", false]),
];
const names = {
  services: () => services,
  endpointSlices: () => slices,
  hosts: new Map([["api.example.com", "127.0.0.7"]]),
};

test.each([
  ["web.a.svc.cluster.local", ["127.18.0.2", "127.18.0.3"]],
  ["web.b.svc", ["127.18.0.9"]],
  ["only", []],
  ["early.a.svc", ["127.18.0.5"]],
  ["web", undefined],
  ["none.a.svc.cluster.local", undefined],
  ["api.example.com", ["127.0.0.7"]],
  ["mock.localhost", ["127.0.0.1"]],
])("%s", async (name, addresses) => {
  expect(await resolveName(name, names)).toEqual(addresses);
});

describe("over UDP", () => {
  let server: NameServer;
  beforeAll(async () => {
    server = await startNameServer("127.0.0.1", names);
  });
  afterAll(() => server.close());

  const ask = (name: string, type: "A" | "AAAA"): Promise<Packet> => {
    const socket = createSocket("udp4");
    const [host, port] = server.address.split(":");
    const question = encode({ type: "query", id: 7, questions: [{ name, type }] });
    return new Promise<Packet>((resolve) => {
      socket.once("message", (message) => resolve(decode(message)));
      socket.send(question, Number(port), host);
    }).finally(() => socket.close());
  };

  test("a known name has addresses, of version 4 alone", async () => {
    const found = await ask("Web.a.svc.cluster.local", "A");
    expect(found).toMatchObject({ id: 7, rcode: "NOERROR" });
    expect(found.answers?.map((each) => "data" in each && each.data)).toEqual([
      "127.18.0.2",
      "127.18.0.3",
    ]);
    const other = await ask("web.a.svc.cluster.local", "AAAA");
    expect(other).toMatchObject({ rcode: "NOERROR", answers: [] });
  });

  test("an unknown name is said not to be", async () => {
    expect(await ask("none.a.svc", "A")).toMatchObject({ rcode: "NXDOMAIN", answers: [] });
  });
});
