import { createFakeApi, type FakeApi } from "../../../test/support/kube/fake-api.ts";
import type { Condition, StatusUpdate } from "../status/types.ts";
import { KubeError } from "./http.ts";
import { createStatusWriter, type StatusWriter } from "./status-writer.ts";

const accepted = (status: "True" | "False", message = "fine"): Condition => ({
  type: "Accepted",
  status,
  reason: status === "True" ? "Accepted" : "Invalid",
  message,
});
const update = (generation: number, ...conditions: Condition[]): StatusUpdate => ({
  apiVersion: "aigateway.envoyproxy.io/v1beta1",
  kind: "AIGatewayRoute",
  namespace: "default",
  name: "r",
  generation,
  conditions,
});

let api: FakeApi;
let writer: StatusWriter;
let turned: string[];
let failed: string[];
/** What the watch shows. */
let observed: unknown;
let now: Date;

beforeEach(() => {
  api = createFakeApi();
  [turned, failed, observed] = [[], [], undefined];
  now = new Date("2026-01-01T00:00:00.5Z");
  writer = createStatusWriter(api.http, {
    observed: () => observed,
    turned: (_, { type, status, reason }) => turned.push(`${type} ${status} ${reason}`),
    failed: (id) => failed.push(id),
    now: () => now,
  });
});
afterEach(() => writer.stop());

const written = () =>
  api.written.map(({ path, body }) => {
    const { status } = body as { status: object };
    return { path, ...status };
  });

test("conditions are written with generation and time, to the status alone", async () => {
  writer.desire([update(3, accepted("True"))]);
  await writer.idle();
  expect(written()).toEqual([
    {
      path: "/apis/aigateway.envoyproxy.io/v1beta1/namespaces/default/aigatewayroutes/r/status",
      conditions: [
        {
          ...accepted("True"),
          observedGeneration: 3,
          lastTransitionTime: "2026-01-01T00:00:00Z",
        },
      ],
    },
  ]);
  expect(turned).toEqual(["Accepted True Accepted"]);
});

test("the same is not written again, before the watch shows it or after", async () => {
  writer.desire([update(3, accepted("True"))]);
  await writer.idle();
  writer.desire([update(3, accepted("True"))]);
  observed = (api.written.at(0)?.body as { status: unknown } | undefined)?.status;
  writer.desire([update(3, accepted("True"))]);
  await writer.idle();
  expect(api.written).toHaveLength(1);
});

test("time moves with the status of a condition, not with its message or generation", async () => {
  writer.desire([update(1, accepted("True"))]);
  await writer.idle();
  now = new Date("2026-01-02T00:00:00Z");
  writer.desire([update(2, accepted("True", "still"))]);
  await writer.idle();
  writer.desire([update(3, accepted("False"))]);
  await writer.idle();
  const times = written().map((each) => JSON.stringify(each).match(/2026-01-0\d/)?.[0]);
  expect(times).toEqual(["2026-01-01", "2026-01-01", "2026-01-02"]);
  expect(turned).toEqual(["Accepted True Accepted", "Accepted False Invalid"]);
});

test("what somebody else wrote over it is put right", async () => {
  writer.desire([update(1, accepted("True"))]);
  await writer.idle();
  observed = { conditions: [] };
  writer.desire([update(1, accepted("True"))]);
  await writer.idle();
  expect(api.written).toHaveLength(2);
});

test("an object that is gone is left alone; a failure is told and tried again", async () => {
  let answers = [new KubeError(404, "NotFound", "gone"), new KubeError(500, "Internal", "later")];
  api.intercept = () => {
    const [error, ...rest] = answers;
    answers = rest;
    if (error !== undefined) throw error;
  };
  writer.desire([update(1, accepted("True"))]);
  await writer.idle();
  expect([failed, api.written]).toEqual([[], []]);
  writer.desire([update(2, accepted("True"))]);
  await writer.idle();
  expect(failed).toEqual(["AIGatewayRoute default/r"]);
  while (api.written.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test("who rests writes nothing more, and looks anew when it leads again", async () => {
  writer.desire([update(1, accepted("True"))]);
  await writer.idle();
  writer.rest();
  await writer.idle();
  writer.desire([update(1, accepted("True"))]);
  await writer.idle();
  expect(api.written).toHaveLength(2);
});
