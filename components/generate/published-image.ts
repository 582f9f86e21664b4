/**
 * `npm run release:image -- NAME@sha256:…` writes down the image that a release is published with;
 * without a name, tells whether there is one: a package without is not to be published.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { PUBLISHED_IMAGE } from "../internal/published-image.ts";

const FILE = path.resolve(import.meta.dirname, "../internal/published-image.ts");
const BY_DIGEST = /^[a-z0-9][\w.:/-]*@sha256:[0-9a-f]{64}$/;

const [image = PUBLISHED_IMAGE, file = FILE] = process.argv.slice(2);
if (image === undefined || !BY_DIGEST.test(image)) {
  process.stderr.write(
    `${image ?? "no image"}: name the image that was pushed for this release by its digest, as NAME@sha256:…\n`,
  );
  process.exitCode = 1;
} else {
  writeFileSync(
    file,
    `// Written by \`npm run release:image\`; undefined where the sources are not those of a release.
/** The image of controller and external processor that this version was released with, by its digest. */
export const PUBLISHED_IMAGE: string | undefined =
  "${image}";
`,
  );
}
