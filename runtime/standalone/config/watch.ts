import { createHash } from "node:crypto";
import { type FSWatcher, readFileSync, realpathSync, watch } from "node:fs";
import { dirname, resolve } from "node:path";

/** Editors and volume updates touch a file several times at once. */
const QUIET_MS = 100;

/**
 * Calls `onChange` when the file's content has become another. Folders are watched instead of the
 * file, since editors replace it, and Kubernetes swaps a link above it. While there is no file, or
 * an empty one, somebody is about to write it, and nothing is told.
 */
export function watchConfig(path: string, onChange: () => void): { close(): void } {
  const file = resolve(path);
  const watchers = new Map<string, FSWatcher>();
  let known = contentHash(file);
  let timer: NodeJS.Timeout | undefined;

  const follow = (): void => {
    const wanted = foldersOf(file);
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (!watchers.has(folder)) start(folder);
    }
  };
  const start = (folder: string): void => {
    try {
      const watcher = watch(folder, () => {
        clearTimeout(timer);
        timer = setTimeout(check, QUIET_MS);
      });
      // A folder that is taken away; the other one, or the next look, finds what came instead.
      watcher.on("error", () => {
        watcher.close();
        watchers.delete(folder);
      });
      watchers.set(folder, watcher);
    } catch {
      // It went between being found and being watched: as above.
    }
  };
  const check = (): void => {
    follow();
    const now = contentHash(file);
    if (now === undefined || now === known) return;
    known = now;
    onChange();
  };

  follow();
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** Where the path stands, and where the file really is if links lead elsewhere. */
function foldersOf(file: string): Set<string> {
  const folders = new Set([dirname(file)]);
  try {
    folders.add(dirname(realpathSync(file)));
  } catch {
    // No file at the moment: its own folder tells when there is one.
  }
  return folders;
}

function contentHash(file: string): string | undefined {
  try {
    const content = readFileSync(file);
    if (content.length === 0) return undefined;
    return createHash("sha256").update(content).digest("base64");
  } catch {
    return undefined;
  }
}
