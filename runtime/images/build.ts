/** `node runtime/images/build.ts FOLDER` writes what the image consists of into FOLDER. */
import { bundle } from "./bundle.ts";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("a folder is needed: node runtime/images/build.ts FOLDER");
  process.exitCode = 1;
} else {
  await bundle(folder);
}
