import path from "node:path";

/**
 * Program and leading arguments that start npm: the npm that runs us, if one does, else the first on
 * the PATH. (Under pnpm or yarn `npm_execpath` names those, and they do not know `ci`.)
 */
export function npmCommand() {
  const running = process.env.npm_execpath;
  const isNpm = running !== undefined && /^npm(-cli)?\.c?js$/.test(path.basename(running));
  return isNpm ? [process.execPath, running] : ["npm"];
}
