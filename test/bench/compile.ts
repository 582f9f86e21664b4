/**
 * CPU time and memory of the compiler by the number of routes: a whole compile, what one change costs
 * then, and what the controller does with the plan. `node test/bench/compile.ts [routes...]`
 */
import { createCompiler } from "../../runtime/controller/compile/incremental.ts";
import { desiredObjects } from "../../runtime/controller/objects/desired.ts";
import { snapshotOf } from "../../runtime/controller/snapshot/snapshot.ts";
import { statusesOf } from "../../runtime/controller/status/statuses.ts";
import { backend, documents, gateway, key, route } from "../support/yaml-resources.ts";

type Stored = ReturnType<typeof documents>[number];

const BACKENDS_PER_ROUTE = 3;
const CHANGES = 30;

let version = 0;
const stored = (text: string): Stored[] =>
  documents(text).map((object) => {
    version += 1;
    const id = `${object.kind}/${object.metadata.name}`;
    const metadata = { ...object.metadata, uid: id, resourceVersion: `${version}` };
    return { ...object, metadata: { ...metadata, generation: version } };
  });

function objectsOf(routes: number): Map<string, Stored> {
  const schemas = ["OpenAI", "Anthropic", "AWSBedrock"];
  const texts = Array.from({ length: routes }, (_, i) => {
    const names = Array.from({ length: BACKENDS_PER_ROUTE }, (_, j) => `b-${i}-${j}`);
    const refs = names.map((name, j) => `{name: ${name}, priority: ${j}}`).join(", ");
    const match = `matches: [{headers: [{name: x-ai-eg-model, value: model-${i}}]}]`;
    return [
      route(`[{${match}, backendRefs: [${refs}]}]`, "", `r-${i}`),
      ...names.flatMap((name, j) => [backend(name, schemas[j]), key(name)]),
    ].join("\n---\n");
  });
  const objects = stored([gateway, ...texts].join("\n---\n"));
  return new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}

const round = (ms: number): string => ms.toFixed(1).padStart(8);
/** Time of the CPU, which other programs on the machine do not change. */
function timed<T>(run: () => T): [ms: number, result: T] {
  const start = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(start);
  return [(user + system) / 1000, result];
}

const NO_FACTS = { httpRoutes: new Map(), denied: new Set<string>(), rejected: new Map() };
const OPTIONS = { rootPrefix: "/", extProc: [] };

console.log("  routes     full   change p50   change max  objects statuses  MiB (ms but the last)");
const counts = process.argv.slice(2).map(Number);
for (const routes of counts.length > 0 ? counts : [100, 1000]) {
  const objects = objectsOf(routes);
  const before = process.memoryUsage().heapUsed;
  const compiler = createCompiler();
  const [full] = timed(() => compiler.compile(snapshotOf(objects.values())));
  let snapshot = snapshotOf(objects.values());
  const changes = Array.from({ length: CHANGES }, (_, n) => {
    const name = `b-${(n * 37) % routes}-0`;
    const [, changed] = stored(backend(name, "OpenAI", "", `changed-${n}.example.com`));
    const key = `default/${name}`;
    // Maps of other kinds stay, as the controller's store keeps them.
    const Backend = new Map(snapshot.Backend).set(key, changed as never);
    snapshot = { ...snapshot, Backend };
    return timed(() => compiler.compile(snapshot))[0];
  }).sort((a, b) => a - b);
  const plan = compiler.compile(snapshot);
  const [desired] = timed(() => desiredObjects(snapshot, plan, OPTIONS));
  const [statuses] = timed(() => statusesOf(snapshot, plan, NO_FACTS));
  const memory = (process.memoryUsage().heapUsed - before) / 1024 ** 2;
  console.log(
    `${String(routes).padStart(8)} ${round(full)}     ${round(changes[CHANGES >> 1] ?? 0)}     ${round(changes.at(-1) ?? 0)} ${round(desired)} ${round(statuses)} ${round(memory)}`,
  );
}
