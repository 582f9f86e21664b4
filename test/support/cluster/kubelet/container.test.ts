import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type ContainerOptions, RunningContainer } from "./container.ts";
import type { Container } from "./pod.ts";

const folder = mkdtempSync(path.join(tmpdir(), "container-"));
const running: RunningContainer[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop(0))));
afterAll(() => rmSync(folder, { recursive: true }));

let logs = 0;
function run(
  script: string,
  container: Partial<Container> = {},
  restart: ContainerOptions["restart"] = "Always",
): {
  container: RunningContainer;
  log: () => string;
  until: (holds: () => boolean) => Promise<void>;
} {
  logs += 1;
  const logFile = path.join(folder, `${logs}.log`);
  const waiting = new Set<() => void>();
  const started = new RunningContainer({
    container: { name: "c", image: "i", ...container },
    address: "127.0.0.1",
    command: {
      file: process.execPath,
      args: ["-e", script],
      env: { PATH: process.env.PATH ?? "" },
      cwd: folder,
    },
    logFile,
    restart,
    changed: () => {
      for (const look of waiting) look();
    },
  });
  running.push(started);
  return {
    container: started,
    log: () => readFileSync(logFile, "utf8"),
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

const FOREVER = "setInterval(() => {}, 1000)";
const exec = (script: string) => ({ exec: { command: [process.execPath, "-e", script] } });

test("what dies is started again, after a pause that is told", async () => {
  const { container, until } = run("process.exit(3)");
  await until(() => container.state.waiting === "CrashLoopBackOff");
  expect(container.state.exit?.code).toBe(3);
  await until(() => container.state.restarts === 1);
});

test("what has done its work is not, where it need not be", async () => {
  const { container } = run("console.log('done')", {}, "OnFailure");
  await container.finished;
  expect(container.state).toMatchObject({ running: false, restarts: 0, exit: { code: 0 } });
});

test("it is ready when its probe says so, and killed when it does not live", async () => {
  const alive = path.join(folder, "alive");
  const { container, until } = run(
    `require("fs").writeFileSync(${JSON.stringify(alive)}, ""); ${FOREVER}`,
    {
      readinessProbe: {
        ...exec(`process.exit(require("fs").existsSync(${JSON.stringify(alive)}) ? 0 : 1)`),
        periodSeconds: 1,
      },
      livenessProbe: {
        ...exec(`process.exit(require("fs").existsSync(${JSON.stringify(alive)}) ? 0 : 1)`),
        periodSeconds: 1,
        initialDelaySeconds: 1,
        failureThreshold: 1,
      },
    },
  );
  await until(() => container.state.ready);
  rmSync(alive);
  await until(() => container.state.exit?.signal === "SIGKILL");
  expect(container.state.ready).toBe(false);
}, 20_000);

test("it may serve while preStop runs, is asked to end, and is killed when it does not", async () => {
  const stubborn = run(
    `process.on("SIGTERM", () => console.log("asked")); console.log("up"); ${FOREVER}`,
    {
      lifecycle: { preStop: { sleep: { seconds: 0.2 } } },
    },
  );
  await stubborn.until(() => stubborn.container.state.ready);
  while (!stubborn.log().includes("up")) await new Promise((resolve) => setTimeout(resolve, 20));
  const began = Date.now();
  await stubborn.container.stop(600);
  expect(Date.now() - began).toBeGreaterThanOrEqual(550);
  expect(stubborn.log()).toContain("asked");
  expect(stubborn.container.state).toMatchObject({ running: false, exit: { signal: "SIGKILL" } });
  expect(stubborn.container.state.restarts).toBe(0);
});
