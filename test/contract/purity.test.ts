import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * The half of the purity law that imports do not show: clocks, randomness, timers and the process
 * come in as arguments.
 */
const root = join(__dirname, "../..");
const pureFolders = [
  "runtime/lib",
  "runtime/api",
  "runtime/program",
  "runtime/conversation",
  "runtime/endpoints",
  "runtime/schemas",
  "runtime/tasks",
  "runtime/providers",
  "runtime/credentials",
  "runtime/controller/snapshot",
  "runtime/controller/compile",
  "runtime/controller/xds",
  "runtime/ext_proc/wire",
  "runtime/ext_proc/session",
  "runtime/ext_proc/pipeline",
  "runtime/ext_proc/cost",
];

const impure =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandom(UUID|Bytes)\b|\bprocess\.[a-z]|\bperformance\.now\b|\bset(Timeout|Interval|Immediate)\(|\bfetch\(|\bconsole\./;

const sources = pureFolders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .filter((name) => !name.includes("generate") && !name.includes("testdata"))
    .map((name) => join(root, folder, name)),
);

test("the pure folders are there", () => expect(sources.length).toBeGreaterThan(50));

test.each(sources.map((file) => relative(root, file)))("%s is pure", (file) => {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const offending = lines.filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && impure.test(line));
  expect(offending).toEqual([]);
});
