import { createQueue } from "./queue.ts";

const failures: string[] = [];
const options = {
  concurrency: 2,
  firstRetryMs: 1,
  lastRetryMs: 4,
  failed: (key: string) => void failures.push(key),
};

beforeEach(() => {
  failures.length = 0;
});

test("a key that waits is worked on once, however often it was added", async () => {
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const queue = createQueue(
    async (key) => {
      if (key === "gate") await gate.promise;
      done.push(key);
    },
    { ...options, concurrency: 1 },
  );
  queue.add("gate");
  for (let i = 0; i < 5; i += 1) queue.add("a");
  gate.resolve();
  await queue.idle();
  expect(done).toEqual(["gate", "a"]);
});

test("a key that is added while it is worked on is worked on again", async () => {
  let runs = 0;
  const queue = createQueue(async (key) => {
    runs += 1;
    if (runs === 1) queue.add(key);
  }, options);
  queue.add("a");
  await queue.idle();
  expect(runs).toBe(2);
});

test("no more than so many run at once", async () => {
  let running = 0;
  let most = 0;
  const queue = createQueue(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  }, options);
  for (let i = 0; i < 20; i += 1) queue.add(String(i));
  await queue.idle();
  expect(most).toBe(2);
});

test("what fails is told and tried again until it works", async () => {
  const worked = Promise.withResolvers<void>();
  let tries = 0;
  const queue = createQueue(async () => {
    tries += 1;
    if (tries < 4) throw new Error("not yet");
    worked.resolve();
  }, options);
  queue.add("a");
  await worked.promise;
  expect(failures).toEqual(["a", "a", "a"]);
  await queue.idle();
  expect(queue.depth).toBe(0);
});

test("a stopped queue does nothing more", async () => {
  let tries = 0;
  const queue = createQueue(async () => {
    tries += 1;
    throw new Error("never");
  }, options);
  queue.add("a");
  await queue.idle();
  queue.stop();
  queue.add("b");
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(tries).toBe(1);
});
