import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { DiscoveryRequestSchema } from "../../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import { type ResourceMap, versionOf } from "./resources.ts";
import { Subscription } from "./subscription.ts";

const served = (contents: Record<string, string>): ResourceMap =>
  new Map(
    Object.entries(contents).map(([name, hash]) => [
      name,
      { hash, any: create(AnySchema, { value: new TextEncoder().encode(hash) }) },
    ]),
  );

const request = (names: string[], nonce = "", error?: string) =>
  create(DiscoveryRequestSchema, {
    resourceNames: names,
    responseNonce: nonce,
    ...(error !== undefined && { errorDetail: { message: error } }),
  });

test("nothing is sent before it is asked for, nor while an answer is outstanding", () => {
  const routes = new Subscription("routes");
  const now = served({ a: "1" });
  expect(routes.next(now)).toBeUndefined();
  routes.receive(request(["a"]));
  const first = routes.next(now);
  expect(first?.resources.length).toBe(1);
  expect(routes.next(served({ a: "2" }))).toBeUndefined();
  routes.receive(request(["a"], first?.nonce));
  expect(routes.next(served({ a: "2" }))?.nonce).not.toBe(first?.nonce);
});

test("an answer to an older response says nothing", () => {
  const routes = new Subscription("routes");
  routes.receive(request(["a"]));
  const first = routes.next(served({ a: "1" }));
  routes.receive(request(["a"], first?.nonce));
  const second = routes.next(served({ a: "2" }));
  expect(routes.receive(request(["a"], first?.nonce, "late"))).toEqual({ is: "stale" });
  expect(routes.settled(served({ a: "2" }))).toBe(false);
  expect(routes.receive(request(["a"], second?.nonce)).is).toBe("ack");
  expect(routes.settled(served({ a: "2" }))).toBe(true);
});

test("a name that was left and asked for again is sent again", () => {
  const secrets = new Subscription("secrets");
  const now = served({ a: "1", b: "1" });
  secrets.receive(request(["a", "b"]));
  const first = secrets.next(now);
  secrets.receive(request(["a", "b"], first?.nonce));
  expect(secrets.receive(request(["a"], first?.nonce))).toEqual({ is: "subscribe" });
  expect(secrets.next(now)).toBeUndefined();
  secrets.receive(request(["a", "b"], first?.nonce));
  expect(secrets.next(now)?.resources).toEqual([now.get("b")?.any]);
});

test("what was refused is not sent again, its mend is", () => {
  const clusters = new Subscription("clusters");
  const bad = served({ a: "bad" });
  clusters.receive(request([]));
  const first = clusters.next(bad);
  expect(clusters.receive(request([], first?.nonce, "no such filter"))).toMatchObject({
    is: "nack",
    error: "no such filter",
    version: versionOf(bad),
  });
  expect(clusters.next(bad)).toBeUndefined();
  expect(clusters.settled(bad)).toBe(false);
  expect(clusters.refusal(bad)?.error).toBe("no such filter");
  const good = served({ a: "good" });
  expect(clusters.refusal(good)).toBeUndefined();
  clusters.receive(request([], clusters.next(good)?.nonce));
  expect(clusters.settled(good)).toBe(true);
});

test("clusters are answered even when there are none, and removals are sent", () => {
  const clusters = new Subscription("clusters");
  clusters.receive(request([]));
  const empty = clusters.next(served({}));
  expect(empty?.resources).toEqual([]);
  clusters.receive(request([], empty?.nonce));
  expect(clusters.next(served({}))).toBeUndefined();
  const one = clusters.next(served({ a: "1" }));
  clusters.receive(request([], one?.nonce));
  expect(clusters.next(served({}))?.resources).toEqual([]);
});

test("a version says what is served, whatever the order", () => {
  expect(versionOf(served({ a: "1", b: "2" }))).toBe(versionOf(served({ b: "2", a: "1" })));
  expect(versionOf(served({ a: "1", b: "2" }))).not.toBe(versionOf(served({ a: "2", b: "1" })));
});
