import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Metafile } from "esbuild";

/** A package of which at least one file is in a bundle. */
export interface BundledPackage {
  name: string;
  version: string;
  license?: string;
  /** Text that has to go along with copies of its code. */
  notice: string;
}

/** What the bundles are made of, by the files that went into them. */
export async function bundledPackages(
  root: string,
  metafiles: readonly Metafile[],
): Promise<BundledPackage[]> {
  const folders = new Set<string>();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  const packages = await Promise.all(
    [...folders].map(async (folder): Promise<BundledPackage> => {
      const text = await readFile(path.join(root, folder, "package.json"), "utf8");
      const { name, version, license } = JSON.parse(text) as BundledPackage;
      const notice = await noticeOf(path.join(root, folder));
      return { name, version, notice, ...(typeof license === "string" && { license }) };
    }),
  );
  return packages.sort((a, b) => (purlOf(a) < purlOf(b) ? -1 : 1));
}

/** A bill of materials in CycloneDX 1.6; the same packages give the same bytes. */
export const sbomOf = (
  own: { name: string; version: string },
  packages: readonly BundledPackage[],
) => ({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  metadata: {
    component: { type: "application", name: own.name, version: own.version, "bom-ref": "self" },
  },
  components: packages.map((each) => ({
    type: "library",
    name: each.name,
    version: each.version,
    purl: purlOf(each),
    "bom-ref": purlOf(each),
    ...(each.license !== undefined && { licenses: [{ license: { name: each.license } }] }),
  })),
});

/** What the licenses of the packages ask to be shipped. */
export const noticesOf = (packages: readonly BundledPackage[]): string =>
  packages
    .map(({ name, version, license = "see below", notice }) =>
      [`${name} ${version} (${license})`, "", notice.trim(), ""].join("\n"),
    )
    .join(`${"-".repeat(80)}\n`);

async function noticeOf(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  return texts.join("\n");
}

const purlOf = ({ name, version }: Pick<BundledPackage, "name" | "version">): string =>
  `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
