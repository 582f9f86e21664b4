/** A short slice of `npm run fuzz`, always the same. */
import { globSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";

/** Where bytes of others are read: on the way of requests and answers, and behind the access log. */
const FOLDERS =
  "runtime/{lib,conversation,endpoints,providers,tasks,program,credentials,ext_proc}/**/*.ts";
/** Names of files that read. A new one that no fuzzer reaches fails here. */
const READS =
  /(^|\/|-)(decode[^/]*|parse|read|reader|scan|observe|errors|framing|inflate|multipart|sse|event-stream|events?-stream|json-splice|usage-chunk|unwrapped|field|request-body|path-models|expression|programs?|request|answer|frames|hpack|huffman|header-blocks|settings|connection)\.ts$/;
const root = join(__dirname, "../..");

test("no parser crashes on damaged inputs, and every parser has got some", async () => {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  const { fuzz } = await import("../fuzz/run.ts");
  const { inputs, findings } = await fuzz({ seed: 7, goesOn: (turn) => turn < 2600 });
  const { result } = await session.post("Profiler.takePreciseCoverage");
  session.disconnect();

  expect(findings).toEqual([]);
  expect(Object.values(inputs).every((count) => count >= 170)).toBe(true);
  const ran = new Set(
    result
      .filter(({ functions }) =>
        functions.some(
          ({ functionName, ranges }) => functionName !== "" && (ranges[0]?.count ?? 0) > 0,
        ),
      )
      .map(({ url }) => url.replace("file://", "")),
  );
  const parsers = globSync(FOLDERS, { cwd: root }).filter(
    (file) => READS.test(file) && !/\.test\.ts$|testdata/.test(file),
  );
  expect(parsers.length).toBeGreaterThan(60);
  expect(parsers.filter((file) => !ran.has(join(root, file)))).toEqual([]);
}, 60_000);
