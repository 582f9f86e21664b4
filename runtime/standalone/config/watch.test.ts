import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { watchConfig } from "./watch.ts";

let folder: string;
let file: string;
let changes: number;
let watcher: { close(): void } | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aigw-watch-"));
  file = join(folder, "config.yaml");
  changes = 0;
});
afterEach(async () => {
  watcher?.close();
  await rm(folder, { recursive: true });
});

const watchIt = (): void => {
  watcher = watchConfig(file, () => changes++);
};
/** Longer than the quiet time, with room for a busy machine. */
const settled = (): Promise<void> => sleep(350);
const untilChanges = async (count: number): Promise<void> => {
  for (let i = 0; i < 100 && changes < count; i++) await sleep(30);
  expect(changes).toBe(count);
};

test("tells of several writes at once, and not of the same content", async () => {
  await writeFile(file, "a");
  watchIt();
  for (const content of ["b", "", "c"]) writeFileSync(file, content);
  await untilChanges(1);
  await writeFile(file, "c");
  await writeFile(join(folder, "other"), "x");
  await settled();
  expect(changes).toBe(1);
});

test("follows a file that editors replace, and one that comes back", async () => {
  await writeFile(file, "a");
  watchIt();
  for (const [index, content] of ["b", "c"].entries()) {
    await writeFile(`${file}~`, content);
    await rename(`${file}~`, file);
    await untilChanges(index + 1);
  }
  await unlink(file);
  await settled();
  expect(changes).toBe(2);
  await writeFile(file, "d");
  await untilChanges(3);
});

test("follows the links of a mounted ConfigMap", async () => {
  const version = async (name: string, content: string): Promise<void> => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "config.yaml"), content);
    await symlink(name, join(folder, "..data_tmp"));
    await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  await version("..1", "a");
  await symlink(join("..data", "config.yaml"), file);
  watchIt();
  await version("..2", "b");
  await rm(join(folder, "..1"), { recursive: true });
  await untilChanges(1);
  await version("..3", "c");
  await untilChanges(2);
});

test("follows a link into another folder", async () => {
  await mkdir(join(folder, "elsewhere"));
  const real = join(folder, "elsewhere", "real.yaml");
  await writeFile(real, "a");
  await symlink(real, file);
  watchIt();
  await writeFile(real, "b");
  await untilChanges(1);
});

test("does not take a file that is being written for an empty one", async () => {
  await writeFile(file, "a");
  watchIt();
  await writeFile(file, "");
  await settled();
  expect(changes).toBe(0);
  await writeFile(file, "b");
  await untilChanges(1);
});

test("is silent once closed", async () => {
  await writeFile(file, "a");
  watchIt();
  await writeFile(file, "b");
  watcher?.close();
  await settled();
  expect(changes).toBe(0);
});
