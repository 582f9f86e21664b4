import { createFakeApi, type FakeApi } from "../../../test/support/kube/fake-api.ts";
import { createEventRecorder, type EventInput } from "./events.ts";

const MINUTE = 60_000;
const event = (name: string, note = "it is so"): EventInput => ({
  regarding: {
    apiVersion: "aigateway.envoyproxy.io/v1beta1",
    kind: "AIGatewayRoute",
    namespace: "team",
    name,
  },
  type: "Warning",
  reason: "Invalid",
  action: "Accepted",
  note,
});

let api: FakeApi;
let time: number;
let failures: Error[];
let record: (input: EventInput) => void;

beforeEach(() => {
  api = createFakeApi();
  time = Date.parse("2026-01-01T00:00:00Z");
  failures = [];
  ({ record } = createEventRecorder(
    api.http,
    "replica-1",
    (error) => failures.push(error),
    () => time,
  ));
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("an Event says what, about whom, and by whom", async () => {
  record(event("r"));
  await settled();
  expect(api.written).toEqual([
    {
      method: "POST",
      path: "/apis/events.k8s.io/v1/namespaces/team/events",
      body: expect.objectContaining({
        kind: "Event",
        eventTime: "2026-01-01T00:00:00.000000Z",
        reportingInstance: "replica-1",
        regarding: event("r").regarding,
        type: "Warning",
        reason: "Invalid",
        note: "it is so",
      }),
    },
  ]);
});

test("the same is told again only after ten minutes, something else at once", async () => {
  record(event("r"));
  time += 9 * MINUTE;
  record(event("r"));
  record(event("r", "it is otherwise"));
  await settled();
  expect(api.written).toHaveLength(2);
  time += 2 * MINUTE;
  record(event("r"));
  await settled();
  expect(api.written).toHaveLength(3);
});

test("a flood is cut off until the next minute", async () => {
  for (let i = 0; i < 100; i += 1) record(event(`r-${i}`));
  await settled();
  expect(api.written).toHaveLength(60);
  time += MINUTE;
  record(event("later"));
  await settled();
  expect(api.written).toHaveLength(61);
});

test("notes and names are no longer than Events may have them", async () => {
  record(event("n".repeat(253), "x".repeat(5000)));
  await settled();
  const written = api.written.at(0)?.body as
    | { note: string; metadata: { generateName: string } }
    | undefined;
  expect(written?.note).toHaveLength(1024);
  expect(written?.metadata.generateName.length).toBeLessThan(248);
});

test("a failure is told, and stops nothing", async () => {
  api.intercept = () => {
    throw new Error("no connection");
  };
  record(event("r"));
  await settled();
  expect(failures.map(({ message }) => message)).toEqual(["no connection"]);
});
