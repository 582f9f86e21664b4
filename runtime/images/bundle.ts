import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type Metafile } from "esbuild";
import { CONTROLLER_SCRIPT, EXT_PROC_SCRIPT } from "../manifests/pod.ts";
import { bundledPackages, noticesOf, sbomOf } from "./sbom.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Scripts of the image, each a whole program in one file, and where they come from. */
const ENTRIES: Readonly<Record<string, string>> = {
  [CONTROLLER_SCRIPT]: "runtime/controller/main.ts",
  [EXT_PROC_SCRIPT]: "runtime/ext_proc/main.ts",
};

const SBOM_FILE = "sbom.cdx.json";
const NOTICES_FILE = "THIRD_PARTY_NOTICES.txt";

/** Parts that still call `require`, which modules do not have. */
const REQUIRE = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

/**
 * Writes what the image consists of into a folder: scripts, bill of materials, notices.
 *
 * @throws where a part cannot be bundled.
 */
export async function bundle(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const metafiles: Metafile[] = [];
  for (const [name, entry] of Object.entries(ENTRIES)) {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: [entry],
      outfile: path.join(folder, name),
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node22",
      // Names stay, for stack traces; the rest is read by nobody.
      minifySyntax: true,
      minifyWhitespace: true,
      keepNames: true,
      legalComments: "none",
      banner: { js: REQUIRE },
      metafile: true,
      logLevel: "warning",
    });
    metafiles.push(metafile);
  }
  const own = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  const packages = await bundledPackages(ROOT, metafiles);
  await writeFile(path.join(folder, NOTICES_FILE), noticesOf(packages));
  await writeFile(
    path.join(folder, SBOM_FILE),
    `${JSON.stringify(sbomOf(own, packages), null, 2)}\n`,
  );
}
